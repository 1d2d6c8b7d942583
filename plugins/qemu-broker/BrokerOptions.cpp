//===- BrokerOptions.cpp - the QEMU broker's options ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BrokerOptions.h"
#include "llvm/ADT/StringRef.h"

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
    "                                 reaches the port can send a trace\n"
    "  -stop-fd=<descriptor>          wait for nothing more once this can be "
    "read, or is closed\n"
    "                                 at its other end: for a program that "
    "loads this plugin\n"
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
      uint32_t Seconds;
      if (Value.getAsInteger(10, Seconds) || Seconds == 0 || Seconds > 86400)
        return malformed(Argument, "seconds from 1 to 86400");
      Options.HelloTimeout = std::chrono::seconds(Seconds);
    } else if (Name == "-stop-fd") {
      int Descriptor;
      if (Value.getAsInteger(10, Descriptor) || Descriptor < 0)
        return malformed(Argument, "the number of an open descriptor");
      Options.StopDescriptor = Descriptor;
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
