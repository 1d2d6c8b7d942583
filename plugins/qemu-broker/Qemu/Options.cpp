//===- Qemu/Options.cpp - what the user may tell the relay ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Parses what Options.h describes.
///
//===----------------------------------------------------------------------===//
#include "Options.h"
#include <charconv>
#include <cstdint>
#include <optional>

namespace mcad::qemu {

std::string_view optionsHelp() {
  return R"(libQemuRelay streams what a guest executes to llvm-mcad's QEMU broker.

  qemu-<arch> -plugin libQemuRelay.so[,arg="-<option>[=<value>]"]... program

  -addr=<address>        where llvm-mcad listens: a name, an IPv4 or IPv6
                         address, or a Unix socket (a path with a '/', or
                         unix:<path>); default localhost
  -port=<port>           its port, default 9487
  -only-main-code[=on]   trace the main executable only, not the loader and
                         libraries
  -optional[=on]         run the guest untraced if there is no analyser;
                         default: QEMU stops with the reason
  -follow-fork[=on]      trace forked children too, each on a connection of its
                         own: let llvm-mcad take them
                         (-broker-plugin-arg-max-accepted-connection=-1)
  -on-disconnect=<what>  if the analyser goes away: continue (default), the
                         guest runs on untraced; stop, it ends with status 1
  -patience=<seconds>    the analyser counts as gone if it takes nothing for so
                         long, default 600
  -token-file=<path>     show the analyser the token in this file: at most 4096
                         bytes, the same as in its own -token-file
  -infer-state[=on]      tell ARM from Thumb as with a QEMU that has no
                         registers to ask for, to hold the two ways against
                         each other
  -help                  print this and stop

Each option is also taken without its leading dash, as newer QEMUs hand it over.
)";
}

std::string_view Options::unixPath() const {
  constexpr std::string_view Prefix = "unix:";
  if (Address.starts_with(Prefix))
    return std::string_view(Address).substr(Prefix.size());
  return Address.find('/') != std::string::npos ? std::string_view(Address)
                                                : std::string_view();
}

std::string Options::endpoint() const {
  if (std::string_view Path = unixPath(); !Path.empty())
    return std::string(Path);
  const bool IsIPv6 = Address.find(':') != std::string::npos;
  return (IsIPv6 ? "[" + Address + "]" : Address) + ":" + Port;
}

static std::optional<bool> parseSwitch(std::string_view Value) {
  if (Value == "on" || Value == "true" || Value == "yes")
    return true;
  if (Value == "off" || Value == "false" || Value == "no")
    return false;
  return std::nullopt;
}

static std::optional<uint32_t> parseNumber(std::string_view Value,
                                           uint32_t Least, uint32_t Most) {
  uint32_t Number = 0;
  const char *End = Value.data() + Value.size();
  auto [Rest, Error] = std::from_chars(Value.data(), End, Number);
  if (Error != std::errc() || Rest != End || Number < Least || Number > Most)
    return std::nullopt;
  return Number;
}

OrProblem<Options> parseOptions(std::span<const char *const> Arguments) {
  Options Parsed;
  for (const char *Argument : Arguments) {
    Parsed.Given.emplace_back(Argument);
    std::string_view Name = Argument;
    if (Name.starts_with("--"))
      Name.remove_prefix(2);
    else if (Name.starts_with('-'))
      Name.remove_prefix(1);
    std::string_view Value = "on";
    if (size_t Equals = Name.find('='); Equals != std::string_view::npos) {
      Value = Name.substr(Equals + 1);
      Name = Name.substr(0, Equals);
    }
    const std::string Spelling = std::string(1, '-').append(Name);

    bool *Switch = nullptr;
    if (Name == "addr") {
      // An IPv6 address may be written as in a URL.
      if (Value.starts_with('[') && Value.ends_with(']'))
        Value = Value.substr(1, Value.size() - 2);
      Parsed.Address = Value;
      if (Value.empty() ||
          (Value.starts_with("unix:") && Parsed.unixPath().empty()))
        return Problem{"-addr: no address given: write -addr=<name, address or "
                       "socket path>"};
      continue;
    }
    if (Name == "port") {
      if (!parseNumber(Value, 1, 65535))
        return Problem{"-port: '" + std::string(Value) +
                       "' is no port: give a number from 1 to 65535"};
      Parsed.Port = Value;
      continue;
    }
    if (Name == "on-disconnect") {
      if (Value != "stop" && Value != "continue")
        return Problem{"-on-disconnect: '" + std::string(Value) +
                       "' is neither stop nor continue"};
      Parsed.StopsOnDisconnect = Value == "stop";
      continue;
    }
    if (Name == "patience") {
      const std::optional<uint32_t> Seconds = parseNumber(Value, 1, 86400);
      if (!Seconds)
        return Problem{"-patience: '" + std::string(Value) +
                       "': give seconds from 1 to 86400"};
      Parsed.Patience = std::chrono::seconds(*Seconds);
      continue;
    }
    if (Name == "token-file") {
      if (Value.empty() || Value == "on")
        return Problem{"-token-file: give the path of the file with the token"};
      Parsed.TokenFile = Value;
      continue;
    }
    if (Name == "only-main-code")
      Switch = &Parsed.OnlyMainCode;
    else if (Name == "optional")
      Switch = &Parsed.Optional;
    else if (Name == "follow-fork")
      Switch = &Parsed.FollowFork;
    else if (Name == "infer-state")
      Switch = &Parsed.InferState;
    else if (Name == "help")
      Switch = &Parsed.Help;
    else
      return Problem{"unknown option '" + std::string(Argument) +
                     "': -help lists the options"};

    std::optional<bool> On = parseSwitch(Value);
    if (!On)
      return Problem{Spelling + ": '" + std::string(Value) +
                     "' is neither on nor off: write " + Spelling + "=on or " +
                     Spelling + "=off"};
    *Switch = *On;
  }
  return Parsed;
}

} // namespace mcad::qemu
