//===- Report/Report.h - everything that a report shows ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The one value behind every report. Plain data: built once per run
/// (BuildReport.h), rendered by pure functions (TextReport.h, JsonReport.h).
/// JSON is its lossless form; docs/report.md describes it.
///
/// Invariants: a trace is complete if and only if it has no Loss of severity
/// Incomplete; the counts of its streams add up to its own.
///
/// Strings that came from a peer or a file are kept as they are here; renderers
/// escape them.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_REPORT_H
#define MCAD_REPORT_REPORT_H

#include "Facts/FactCounters.h"
#include "Report/Profile.h"
#include "mcad/Broker.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mcad {

/// Of the JSON form. Grows when a consumer could notice.
///   1  first version
///   2  "surroundings" of each trace: caches, branches, cycles lost; engine
///      "none"
///   3  "attribution" of each trace: who pays for the cycles; "lostCycles" with
///      causes of the core itself
inline constexpr unsigned ReportSchemaVersion = 3;

/// What a report could not do, and says.
struct Loss {
  enum class Severity : uint8_t {
    Incomplete, ///< Numbers are missing: the report is not complete.
    Note,       ///< All is counted, but something in it is an assumption.
  };
  std::string Name; ///< Stable, for scripts: "trace-cut-short".
  Severity How = Severity::Incomplete;
  uint64_t Count = 0;
  std::string Unit;     ///< Of Count, plural.
  std::string Sentence; ///< What it is and how to mend it.
};

/// llvm-mca's summary view, for as many instructions as there were.
struct Summary {
  uint64_t Iterations = 1; ///< Of a listing; 1 for a run.
  uint64_t Instructions = 0;
  uint64_t Cycles = 0;
  uint64_t MicroOps = 0;
  unsigned DispatchWidth = 0;
  /// Cycles that the busiest resource, or dispatch, needs for one iteration at
  /// the least.
  double BlockRThroughput = 0;

  double microOpsPerCycle() const {
    return Cycles ? double(MicroOps) / double(Cycles) : 0;
  }
  double ipc() const {
    return Cycles ? double(Instructions) / double(Cycles) : 0;
  }
};

/// One stream: what it executed and what that cost.
struct StreamReport {
  uint32_t Stream = 0;
  uint64_t Blocks = 0, Executed = 0, RepeatIterations = 0;
  uint64_t Loads = 0, Stores = 0;
  uint64_t Cycles = 0, MicroOps = 0;
  /// What the sender says it sent; none if it never said.
  std::optional<StreamTotals> Sent;
};

/// Instructions that the model does not know, by opcode or by address.
struct UnmodelledOpcode {
  std::string Name; ///< LLVM's name of the opcode, "" for undecoded bytes.
  std::string Reason;
  uint64_t Executions = 0;
  uint64_t Addresses = 0; ///< How many different places.
};
struct UnmodelledPlace {
  GuestAddr Address = 0;
  std::vector<uint8_t> Bytes;
  std::string Text; ///< Disassembly; empty for undecoded bytes.
  uint64_t Executions = 0;
};

struct ResourceUse {
  std::string Label;    ///< llvm-mca's number of the unit: "2.1".
  std::string Resource; ///< Name in the model.
  uint64_t Cycles = 0;  ///< In use.
};

/// One instruction of a listing.
struct ListedInstruction {
  std::string Text;
  std::vector<uint64_t> UnitCycles; ///< As many as there are units.
};

/// One cache, summed over the threads that have one each.
struct CacheReport {
  std::string Name; ///< "L1D".
  CacheCounters Counters;
};
struct TlbReport {
  std::string Name; ///< "DTLB".
  TlbCounters Counters;
};

/// An instruction at which caches or predictors failed.
struct CostlyInstruction {
  GuestAddr Address = 0;
  std::string Text; ///< Disassembly.
  uint64_t Executions = 0;
  InstructionEvents Events;
};

/// What was simulated around the core.
struct SurroundingsReport {
  bool HasData = false; ///< Memory accesses were recorded.
  std::vector<CacheReport> Caches;
  std::vector<TlbReport> Tlbs;
  BranchCounters Branches;
  uint64_t SplitAccesses = 0, ForwardedLoads = 0, PartlyForwarded = 0;
  /// Cycles in which nothing retired, by cause. Indexed by Cause; None is what
  /// the core itself took.
  std::array<uint64_t, NumCauses> LostCycles = {};
  /// The worst first, cut at TopCostly: by cycles of latency, by misses, by
  /// mispredictions.
  std::vector<CostlyInstruction> WorstData, WorstFetch, WorstBranches;
};

struct TraceReport {
  TraceDescription Description;
  std::vector<Loss> Losses;

  Summary Total;
  uint64_t Executed = 0; ///< Instructions as QEMU executes them.
  uint64_t RepeatIterations =
      0; ///< Of them: x86 rep iterations after the first.
  uint64_t BlocksDefined = 0, BlocksExecuted = 0;
  uint64_t Loads = 0, Stores = 0;
  uint64_t ExecutedInMainCode = 0;
  /// Executed before the main executable's entry point; none if unknown.
  std::optional<uint64_t> StartUp;

  /// Retired in a way that llvm-mca does not see; see RetirementRepair.h.
  uint64_t UnseenInstructions = 0;
  /// Cycles of resource use that LLVM gave to no unit.
  uint64_t UnplacedCycles = 0;

  uint64_t Unmodelled = 0; ///< Executions, undecoded ones included.
  uint64_t Undecoded = 0;
  /// The most executed first; cut at TopUnmodelled.
  std::vector<UnmodelledOpcode> UnmodelledOpcodes;
  std::vector<UnmodelledPlace> UnmodelledPlaces;

  std::vector<ResourceUse> Resources;
  std::vector<StreamReport> Streams;
  std::vector<ListedInstruction> Listing;         ///< Empty for a run.
  std::optional<SurroundingsReport> Surroundings; ///< None with -ideal.
  /// Where the cycles went; none where nothing was timed. Of a listing only
  /// what its timeline needs, if it has one.
  std::optional<Profile> Attribution;
  bool saysWhoPays() const { return Attribution && !Description.IsListing; }

  bool isComplete() const {
    for (const Loss &L : Losses)
      if (L.How == Loss::Severity::Incomplete)
        return false;
    return true;
  }
};

struct Report {
  std::string Version; ///< Of this program.
  std::string Triple;
  std::string Cpu;
  bool CpuIsDefault = false;
  std::string Features;
  std::string ModelOwner;               ///< The CPU whose model it is.
  std::vector<std::string> ModelShared; ///< All CPUs that LLVM gives it.
  bool IsOutOfOrder = false;
  std::string Engine; ///< "none": nothing was timed.
  /// The machine model around the core; none with -ideal or for listings.
  struct Model {
    std::string Name;
    std::string Description;
    /// It is no preset of this CPU but a stand-in for all.
    bool IsGeneric = false;
    std::string File; ///< Empty: a preset.
    /// Every value in force, with where it is from; empty if nobody said.
    struct Value {
      std::string Key, Text, Source;
    };
    std::vector<Value> Values;
  };
  std::optional<Model> Surroundings;
  std::vector<TraceReport> Traces;
  double Seconds = 0; ///< Wall time from the first trace to the last.

  bool isComplete() const {
    for (const TraceReport &T : Traces)
      if (!T.isComplete())
        return false;
    return true;
  }
};

/// How many opcodes and places a report lists at most.
inline constexpr size_t TopUnmodelled = 20;
/// How many instructions each list of the costliest has at most.
inline constexpr size_t TopCostly = 10;

} // namespace mcad

#endif // MCAD_REPORT_REPORT_H
