//===- Broker/PluginLoader.cpp - broker plugins from shared libraries ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/PluginLoader.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace mcad {

static Error refuse(StringRef Path, const Twine &Why) {
  return createStringError("-load-broker-plugin=" + Path + ": " + Why);
}

Expected<std::unique_ptr<Broker>>
loadBrokerPlugin(StringRef Path, const BrokerContext &Context) {
  if (!sys::fs::exists(Path))
    return refuse(Path, "no such file");
  std::string Message;
  // dlopen looks for a name without a slash in the system's library paths.
  const std::string File = Path.contains('/') ? Path.str() : "./" + Path.str();
  sys::DynamicLibrary Library =
      sys::DynamicLibrary::getPermanentLibrary(File.c_str(), &Message);
  if (!Library.isValid())
    return refuse(Path, "it cannot be loaded: " + Message);

  using EntryPoint = const BrokerPlugin *(*)();
  auto Entry = reinterpret_cast<EntryPoint>(
      Library.getAddressOfSymbol("mcadBrokerPlugin"));
  if (!Entry)
    return refuse(Path, "it is not a broker plugin: it does not export "
                        "mcadBrokerPlugin");
  const BrokerPlugin *Plugin = Entry();
  if (!Plugin)
    return refuse(Path, "it is not a broker plugin: mcadBrokerPlugin returned "
                        "nothing");
  if (Plugin->InterfaceVersion != BrokerInterfaceVersion)
    return refuse(Path, "plugin " + Twine(Plugin->Name) +
                            " is built for version " +
                            Twine(Plugin->InterfaceVersion) +
                            " of the broker interface and this llvm-mcad has "
                            "version " +
                            Twine(BrokerInterfaceVersion) +
                            ": rebuild it against this MCAD");
  if (StringRef(Plugin->LLVMVersion) != LLVM_VERSION_STRING)
    return refuse(Path, "plugin " + Twine(Plugin->Name) +
                            " is built with LLVM " + Plugin->LLVMVersion +
                            " and this llvm-mcad with LLVM " +
                            LLVM_VERSION_STRING + ": rebuild it");
  return Plugin->create(Context);
}

} // namespace mcad
