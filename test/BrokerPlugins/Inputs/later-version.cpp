//===- later-version.cpp - a plugin of an interface not yet thought of ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Of BrokerPlugin in mcad/Broker.h, only the first two members are what they
/// are in every version; so this has only them. Reading a third, or calling it,
/// is a fault that the test would show.
///
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
struct LaterPlugin {
  uint32_t InterfaceVersion;
  const char *Name;
};
} // namespace

extern "C" const LaterPlugin *mcadBrokerPlugin() {
  static const LaterPlugin Plugin = {4711, "FromTheFuture"};
  return &Plugin;
}
