//===- Facts/Facts.h - what an execution adds to its instructions -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The facts of a batch: what the caches, predictors and addresses say about
/// the executed instructions, for an engine to act on. Sparse: an instruction
/// that hits everywhere, depends on no store and follows no surprise has none.
///
/// Facts are a function of the program's order alone, never of time. What does
/// depend on time is said as a Wait: "not before so many cycles after that
/// older instruction was issued"; the engine knows when that was. So a missing
/// line that several loads want arrives for all of them at once, misses beyond
/// what may be outstanding wait for the one that makes room, and a load waits
/// for the stores whose bytes it reads.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_FACTS_H
#define MCAD_FACTS_FACTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <vector>

namespace mcad {

/// What a cycle in which nothing retires is lost to; in all others it is None.
enum class Cause : uint8_t {
  None,
  L2,        ///< Data that L1D had not, and L2 had.
  L3,        ///< That L3 had.
  Memory,    ///< That no level had.
  DataTlb,   ///< Translation of a data address.
  Split,     ///< An access that straddles two lines.
  MissLimit, ///< As many misses outstanding as there may be.
  Store,     ///< Bytes that an older store in flight writes.
  FetchMiss, ///< Instructions that L1I had not.
  FetchTlb,  ///< Translation of the PC.
  Mispredict,
  Target, ///< Fetch redirected late: an unknown target, a taken branch.
  // Of the core itself.
  Latency,  ///< The oldest instruction is executing.
  Operands, ///< It waits for its operands.
  Ports,    ///< It could issue, but for a port.
  Other,    ///< The core fills or drains.
};
inline constexpr unsigned NumCauses = static_cast<unsigned>(Cause::Other) + 1;

/// A stable name, for scripts: "l2", "data-tlb".
llvm::StringRef causeName(Cause C);

/// An instruction issues no earlier than Cycles after instruction
/// (its own index - Distance) was issued; for Cause::Store, after that one has
/// executed. If that one is no longer known, it does not wait.
struct Wait {
  uint32_t Distance; ///< 1 to MaxDistance.
  uint16_t Cycles;
  Cause Why;
};

/// How far back a Wait can look: an engine remembers the issue of so many
/// instructions.
inline constexpr uint32_t MaxDistance = 16383;

/// How many instructions an out-of-order core has in flight at the most.
/// LLVM 19's largest reorder buffer has 512 entries (-mcpu=sapphirerapids).
inline constexpr uint32_t MaxInFlight = 1024;

/// How many instructions at the most are issued in a cycle by any of LLVM's
/// models.
inline constexpr uint32_t MaxIssueWidth = 16;

/// Whether what instruction \p Trigger asked for, and had \p Cycles after its
/// issue, can matter to instruction \p Now: both are in flight together, or it
/// retired fewer than those cycles ago.
constexpr bool mayBeUnderWay(uint64_t Trigger, uint32_t Cycles, uint64_t Now) {
  const uint64_t Reach = MaxInFlight + uint64_t(Cycles) * MaxIssueWidth;
  return Cycles && Trigger && Trigger < Now &&
         Now - Trigger <= (Reach < MaxDistance ? Reach : MaxDistance);
}

struct InstructionFacts {
  uint32_t At = 0; ///< The instruction's number in its batch, from 0.

  // Fetch: it comes so many cycles later than it would, added up.
  /// Not before the branch in front of it is executed, and BranchCycles later:
  /// it was mispredicted, or it was taken and the core predicts nothing.
  bool AwaitsBranch = false;
  Cause BranchWhy = Cause::None;
  uint16_t BranchCycles = 0;
  uint16_t RedirectCycles = 0; ///< Cause::Target.
  uint16_t FetchTlbCycles = 0, FetchMissCycles = 0;
  /// If not 0: not before so many cycles after the instruction at this distance
  /// was asked for, which prefetched its line.
  uint16_t FetchWaitCycles = 0;
  uint32_t FetchWaitDistance = 0;

  // Memory.
  /// Added to the latency of what it loads; TlbCycles and SplitCycles of it go
  /// to those causes, the rest to LoadWhy.
  uint16_t LoadCycles = 0;
  uint16_t TlbCycles = 0;
  uint16_t SplitCycles = 0;
  Cause LoadWhy = Cause::None;
  /// Its line arrives so many cycles after it was issued: until then it keeps
  /// its place in the store queue.
  uint16_t StoreCycles = 0;
  uint16_t NumWaits = 0;
  uint32_t FirstWait = 0; ///< Into the batch's waits.

  bool delaysFetch() const {
    return AwaitsBranch || RedirectCycles || FetchTlbCycles ||
           FetchMissCycles || FetchWaitCycles;
  }
};

/// From an instruction of a batch on, cycles go to another account. No account
/// changes what is simulated; an engine only keeps them. A stream begins with
/// account 0.
struct AccountSwitch {
  /// What else happens there.
  enum class Kind : uint8_t {
    None,
    Opens,  ///< The region opens, which was closed.
    Closes, ///< The region closes, which was open.
  };
  /// The instruction's number in its batch, from 0; the number of the batch's
  /// instructions is the first of the next one.
  uint32_t At = 0;
  uint32_t Account = 0;
  uint32_t Region = 0; ///< A number that means nothing to an engine.
  Kind Is = Kind::None;
};

/// Of one batch, in order of At.
class BatchFacts {
public:
  std::vector<InstructionFacts> Rows;
  std::vector<Wait> Waits;
  std::vector<AccountSwitch> Switches;

  llvm::ArrayRef<Wait> waits(const InstructionFacts &F) const {
    return llvm::ArrayRef(Waits).slice(F.FirstWait, F.NumWaits);
  }
  void clear() {
    Rows.clear();
    Waits.clear();
    Switches.clear();
  }
};

} // namespace mcad

#endif // MCAD_FACTS_FACTS_H
