//===- BrokerOptions.cpp - the QEMU broker's options ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BrokerOptions.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace mcad;

namespace {

constexpr StringLiteral Help =
    "options of the QEMU broker, each given as "
    "-broker-plugin-arg-<name>=<value>:\n"
    "  -host=<address>:<port>         where to listen: a name, an IPv4 address "
    "or an [IPv6] one;\n"
    "                                 :<port> is localhost, port 0 any free "
    "one; or a Unix\n"
    "                                 socket's path (with a '/', or "
    "unix:<path>)\n"
    "                                 (default localhost:9487)\n"
    "  -max-accepted-connection=<n>   connections to take, -1 for no limit "
    "(default 1)\n"
    "  -hello-timeout=<seconds>       how long a peer may take to say what it "
    "is (default 30)\n"
    "  -insecure                      listen beyond the loopback address, "
    "where anyone who\n"
    "                                 reaches the port can send a trace "
    "(docs/security.md)\n"
    "  -token-file=<path>             take only relays that show the token in "
    "this file, of 1\n"
    "                                 to 4096 bytes, with their own "
    "-token-file; then it may\n"
    "                                 listen beyond the loopback address\n"
    "  -max-at-once=<n>               connections analysed at once; more wait "
    "(default 64)\n"
    "  -max-blocks=<n>                blocks of code that a connection may "
    "define (default\n"
    "                                 16777216)\n"
    "  -connection-timeout=<seconds>  how long a connection may last (default: "
    "no limit)\n"
    "  -idle-timeout=<seconds>        how long a connection may send nothing "
    "(default: no\n"
    "                                 limit)\n"
    "  -quiet                         do not say where it listens\n"
    "  -binary-regions=<manifest>     a file with regions of the program to "
    "be\n"
    "                                 told apart (docs/attribution.md)\n"
    "  -help                          this text";

Error malformed(StringRef Argument, StringRef Wanted) {
  return createStringError("broker argument '" + Argument +
                           "': malformed: give " + Wanted);
}

Expected<Endpoint> parseEndpoint(StringRef Argument, StringRef Text) {
  Endpoint Where;
  Where.Text = Text.str();
  StringRef Rest = Text;
  if (Rest.consume_front("unix:") || Rest.contains('/')) {
    // sockaddr_un has room for 107 and a zero.
    if (Rest.empty() || Rest.size() > 107)
      return malformed(Argument, "a Unix socket's path of 1 to 107 bytes");
    Where.UnixPath = Rest.str();
    return Where;
  }
  const StringRef Wanted =
      "-host=<address>:<port>, an IPv6 address in brackets, or the path of a "
      "Unix socket";
  const auto [Host, Port] = Rest.rsplit(':');
  if (Host.size() == Rest.size() || Port.getAsInteger(10, Where.Port))
    return malformed(Argument, Wanted);
  StringRef Bare = Host;
  if (Bare.consume_front("[")) {
    if (!Bare.consume_back("]") || Bare.empty())
      return malformed(Argument, Wanted);
  } else if (Bare.contains(':')) {
    return malformed(Argument, Wanted);
  }
  if (!Bare.empty())
    Where.Host = Bare.str();
  return Where;
}

Error parseSeconds(StringRef Argument, StringRef Value,
                   std::optional<std::chrono::seconds> &Into) {
  uint32_t Seconds;
  if (Value.getAsInteger(10, Seconds) || Seconds == 0 || Seconds > 86400)
    return malformed(Argument, "seconds from 1 to 86400");
  Into = std::chrono::seconds(Seconds);
  return Error::success();
}

/// The token in the file at \p Path, as it is.
Expected<std::string> readToken(StringRef Argument, StringRef Path) {
  constexpr size_t Longest = 4096;
  ErrorOr<std::unique_ptr<MemoryBuffer>> File = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (std::error_code Code = File.getError())
    return createStringError("broker argument '" + Argument +
                             "': " + Code.message());
  const StringRef Secret = (*File)->getBuffer();
  if (Secret.empty() || Secret.size() > Longest)
    return malformed(Argument,
                     "a file of 1 to " + std::to_string(Longest) + " bytes");
  return Secret.str();
}

} // namespace

Expected<BrokerOptions> BrokerOptions::parse(ArrayRef<std::string> Arguments) {
  BrokerOptions Options;
  for (const std::string &Argument : Arguments) {
    const auto [Name, Value] = StringRef(Argument).split('=');
    // Flags come as -<name>, or with the empty or truthful value that the
    // analyser's option made of them.
    const bool IsFlag = Value.empty() || Value == "1" || Value == "true";
    if (Name == "-host") {
      Expected<Endpoint> Where = parseEndpoint(Argument, Value);
      if (!Where)
        return Where.takeError();
      Options.Where = std::move(*Where);
    } else if (Name == "-max-accepted-connection") {
      int64_t Count;
      if (Value.getAsInteger(10, Count) || Count == 0 || Count < -1)
        return malformed(Argument, "a number of connections from 1 on, or -1 "
                                   "for no limit");
      Options.MaxConnections =
          Count == -1 ? std::nullopt
                      : std::optional(static_cast<uint64_t>(Count));
    } else if (Name == "-hello-timeout") {
      std::optional<std::chrono::seconds> Longest;
      if (Error E = parseSeconds(Argument, Value, Longest))
        return E;
      Options.HelloTimeout = *Longest;
    } else if (Name == "-connection-timeout") {
      if (Error E = parseSeconds(Argument, Value, Options.LongestConnection))
        return E;
    } else if (Name == "-idle-timeout") {
      if (Error E = parseSeconds(Argument, Value, Options.LongestSilence))
        return E;
    } else if (Name == "-max-at-once") {
      if (Value.getAsInteger(10, Options.MaxAtOnce) || Options.MaxAtOnce == 0)
        return malformed(Argument, "a number of connections from 1 on");
    } else if (Name == "-max-blocks") {
      if (Value.getAsInteger(10, Options.MaxBlocks) || Options.MaxBlocks == 0 ||
          Options.MaxBlocks > limit::Blocks)
        return malformed(Argument, "a number of blocks from 1 to " +
                                       std::to_string(limit::Blocks));
    } else if (Name == "-token-file") {
      Expected<std::string> Secret = readToken(Argument, Value);
      if (!Secret)
        return Secret.takeError();
      Options.Secret = std::move(*Secret);
    } else if (Name == "-quiet" && IsFlag) {
      Options.IsQuiet = true;
    } else if (Name == "-insecure" && IsFlag) {
      Options.Who = Exposure::Anyone;
    } else if (Name == "-binary-regions") {
      if (Value.empty())
        return malformed(Argument, "a file with regions");
      Options.RegionManifest = Value.str();
    } else if (Name == "-help" && IsFlag) {
      return createStringError(Help);
    } else {
      return createStringError("broker argument '" + Argument +
                               "': unknown to the QEMU broker: see "
                               "-broker-plugin-arg-help");
    }
  }
  return Options;
}
