//===- shared/SimulationOptions.h - how to simulate, as options ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The options that say how executions are simulated: the same in llvm-mcad and
/// in those commands of mcad that simulate.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_SHARED_SIMULATIONOPTIONS_H
#define MCAD_TOOLS_SHARED_SIMULATIONOPTIONS_H

#include "Session/Session.h"
#include "llvm/Support/CommandLine.h"

namespace mcad {

class SimulationOptions {
  llvm::cl::SubCommandGroup Where;
  llvm::cl::OptionCategory &Category;

  llvm::cl::opt<EngineKind> Engine{
      "engine",
      llvm::cl::value_desc("fast|llvm|none"),
      llvm::cl::desc("Who counts cycles:"),
      llvm::cl::values(clEnumValN(EngineKind::Fast, "fast",
                                  "MCAD's simulation of the same machine, with "
                                  "the same result (default)"),
                       clEnumValN(EngineKind::LLVM, "llvm",
                                  "LLVM's own simulation, the reference"),
                       clEnumValN(EngineKind::None, "none",
                                  "nobody: only instructions, caches and "
                                  "branches are counted")),
      llvm::cl::init(EngineKind::Fast),
      llvm::cl::cat(Category),
      llvm::cl::sub(Where)};
  llvm::cl::opt<unsigned> EngineMemory{
      "engine-memory",
      llvm::cl::value_desc("MiB"),
      llvm::cl::init(1024),
      llvm::cl::desc(
          "What the fast engine may use to remember what it has simulated, "
          "all threads and connections together (default 1024; 0: it does "
          "not)"),
      llvm::cl::cat(Category),
      llvm::cl::sub(Where)};
  llvm::cl::opt<bool> Attribution{
      "attribution", llvm::cl::init(true),
      llvm::cl::desc("Say which functions, lines and instructions the cycles "
                     "went to (default); -attribution=false: do not"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::list<std::string> Images{
      "image", llvm::cl::value_desc("file[@bias]"),
      llvm::cl::desc(
          "The guest runs code of this ELF file though QEMU does not "
          "tell so, as a system's firmware: names and source lines "
          "are its; @: it is loaded so far from its own addresses; "
          "may be given several times"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<std::string> Regions{
      "regions", llvm::cl::value_desc("manifest.json"),
      llvm::cl::desc("Say how many cycles these regions of the program took, "
                     "each time and in all (docs/attribution.md)"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  enum class RegionMode : uint8_t { Mark, Trim };
  llvm::cl::opt<RegionMode> Mode{
      "region-mode",
      llvm::cl::desc("What to do with regions, asked for or marked in the "
                     "program:"),
      llvm::cl::values(clEnumValN(RegionMode::Mark, "mark",
                                  "simulate all, and say what their part of it "
                                  "is (default)"),
                       clEnumValN(RegionMode::Trim, "trim",
                                  "simulate nothing else: a report for each, "
                                  "with a core that is empty at each entry")),
      llvm::cl::init(RegionMode::Mark),
      llvm::cl::cat(Category),
      llvm::cl::sub(Where)};
  llvm::cl::opt<std::string> Timeline{
      "timeline", llvm::cl::value_desc("[stream:]from,to"),
      llvm::cl::desc(
          "Show the way of these executed instructions through the core, cycle "
          "by cycle: their numbers, both included, from 0 in the stream (the "
          "thread; default: 0, the first)"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<bool> VerifyEngine{
      "verify-engine",
      llvm::cl::desc(
          "Simulate with LLVM's pipeline as well, compare, and stop at the "
          "first difference"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<bool> EngineStats{
      "engine-stats",
      llvm::cl::desc("Say on standard error how much the fast "
                     "engine had to simulate, and the CPU "
                     "seconds of each stage"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<std::string> ModelPath{
      "model", llvm::cl::value_desc("file.json|help"),
      llvm::cl::desc("Caches, branch prediction and the like (default: the "
                     "preset for the CPU; help lists presets and values)"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::list<std::string> ModelValues{
      "set", llvm::cl::value_desc("key=value"),
      llvm::cl::desc("Change one value of the model, "
                     "e.g. -set=l1d.size=64K"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<bool> Ideal{
      "ideal",
      llvm::cl::desc("Every access hits and every branch is predicted: "
                     "only LLVM's model of the core"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};

  llvm::cl::list<std::string> Features{"mattr",
                                       llvm::cl::CommaSeparated,
                                       llvm::cl::value_desc("+a1,-a2,..."),
                                       llvm::cl::desc("Target features"),
                                       llvm::cl::cat(Category),
                                       llvm::cl::sub(Where)};

public:
  /// Registers them with the commands of \p Where.
  SimulationOptions(llvm::cl::SubCommandGroup Where,
                    llvm::cl::OptionCategory &Category)
      : Where(std::move(Where)), Category(Category) {}

  /// What the user gave, into \p Request; or why it does not go together.
  llvm::Error apply(SessionRequest &Request) const;
};

} // namespace mcad

#endif // MCAD_TOOLS_SHARED_SIMULATIONOPTIONS_H
