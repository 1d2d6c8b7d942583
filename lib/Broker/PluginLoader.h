//===- Broker/PluginLoader.h - broker plugins from shared libraries ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Loads a broker plugin: a shared library that exports mcadBrokerPlugin (see
/// mcad/Broker.h). Its interface version and LLVM version are compared before
/// anything else of it is called. A plugin is never unloaded: traces and
/// reports may point into it.
///
/// Tested by test/BrokerPlugins.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_PLUGINLOADER_H
#define MCAD_BROKER_PLUGINLOADER_H

#include "mcad/Broker.h"

namespace mcad {

/// Fails with one line that names \p Path and what is wrong with it.
llvm::Expected<std::unique_ptr<Broker>>
loadBrokerPlugin(llvm::StringRef Path, const BrokerContext &Context);

} // namespace mcad

#endif // MCAD_BROKER_PLUGINLOADER_H
