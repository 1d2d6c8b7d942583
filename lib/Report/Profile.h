//===- Report/Profile.h - who pays for the cycles -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of a report that says where the cycles went. Everything refers to
/// everything else by index into the vectors of one Profile, or is NoIndex.
///
/// It closes: the cycles of all instructions, of all blocks, of all functions
/// (self) and of all contexts (self) are each the trace's Total Cycles, and so
/// are those of all causes. Regions (self) share them with Outside.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PROFILE_H
#define MCAD_REPORT_PROFILE_H

#include "Timing/TimingEngine.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mcad {

inline constexpr uint32_t NoIndex = ~uint32_t(0);

/// What all entries of \p C add up to.
inline uint64_t totalCycles(const CausedCycles &C) {
  uint64_t Sum = 0;
  for (const uint64_t Cycles : C)
    Sum += Cycles;
  return Sum;
}

/// A file that was mapped executable.
struct ImageReport {
  std::string Path;       ///< As QEMU opened it.
  std::string BuildId;    ///< Hexadecimal digits; empty if it has none.
  GuestAddr LoadBias = 0; ///< Run-time address less that in the file.
};

struct FunctionReport {
  std::string Name;     ///< Demangled.
  std::string LinkName; ///< As the symbol table has it.
  uint32_t Image = NoIndex;
  GuestAddr Address = 0; ///< At run time.
  uint64_t SizeBytes = 0;

  uint64_t Calls = 0; ///< How often it was entered.
  uint64_t Instructions = 0;
  CausedCycles Self = {};
  /// With what it called; of a recursive function the outermost call only.
  uint64_t InclusiveInstructions = 0, InclusiveCycles = 0;
};

/// Where in the source an instruction comes from.
struct SourcePlace {
  struct Frame {
    std::string Function; ///< Demangled.
    std::string File;
    uint32_t Line = 0, Column = 0; ///< 0: unknown.
  };
  /// The innermost inlined function first, the function that has the code last.
  std::vector<Frame> Frames;
};

/// An instruction at an address, in whichever blocks it was executed. Code that
/// was changed has one for each of its contents.
struct InstructionReport {
  GuestAddr Address = 0;
  std::vector<uint8_t> Bytes;
  std::string Text; ///< Disassembly.
  uint32_t Function = NoIndex;
  uint32_t Place = NoIndex; ///< Into Places.
  uint64_t Executions = 0;
  CausedCycles Cycles = {};
  GuestAddr Target = 0; ///< Of a branch that names it; else 0.
};

/// A block as QEMU translated it. Blocks may overlap.
struct BlockReport {
  GuestAddr Address = 0;
  uint32_t NumInstructions = 0;
  /// The index of each of its instructions is not said: they are those from
  /// this one on, in the order of addresses, whose addresses follow each other.
  uint32_t FirstInstruction = NoIndex;
  uint32_t Function = NoIndex; ///< Of its first instruction.
  uint64_t Executions = 0;
  CausedCycles Cycles = {};
};

/// All calls of one function from one place, in whichever context.
struct CallReport {
  uint32_t Caller = NoIndex, Callee = NoIndex;
  GuestAddr Site =
      0; ///< Address of the call, or of a jump that is a tail call.
  uint64_t Calls = 0;
  /// Of the callee with what it called; recursive calls within it not again.
  uint64_t Instructions = 0, Cycles = 0;
};

/// A node of the tree of calling contexts. Parents come before children.
struct ContextReport {
  uint32_t Parent = NoIndex; ///< NoIndex: a stream begins here.
  uint32_t Function = NoIndex;
  uint32_t Stream = 0;
  GuestAddr Site = 0; ///< Of the call; 0 where a stream begins.
  uint64_t Calls = 0;
  uint64_t Instructions = 0; ///< Without those of what it called.
  CausedCycles Self = {};    ///< Likewise.
};

/// One region of a manifest, or of a marker in the guest.
struct RegionReport {
  std::string Description;
  /// That were left. While it is open a region is not entered again.
  uint64_t Entries = 0;
  uint64_t OpenEntries = 0; ///< Not left when the trace ended.
  /// While it was open, with what was called.
  uint64_t Instructions = 0;
  CausedCycles Cycles = {};
  /// Of these the ones for which it was the region entered last of those open:
  /// of all regions, and Outside, they add up to the total.
  CausedCycles Self = {};
  /// Of Entries, in cycles: together, and of one.
  uint64_t EntryCycles = 0;
  uint64_t Minimum = 0, Median = 0, Percentile90 = 0, Maximum = 0;
  struct Bucket {
    uint64_t From = 0, To = 0; ///< [From, To) cycles.
    uint64_t Entries = 0;
  };
  std::vector<Bucket> Histogram;

  double mean() const {
    return Entries ? double(EntryCycles) / double(Entries) : 0;
  }
};

/// One executed instruction of a stretch that was asked for. Cycles count from
/// the start of the stream.
struct TimelineRow {
  uint32_t Stream = 0;
  uint64_t Number = 0; ///< In its stream, from 0.
  uint32_t Instruction = NoIndex;
  uint64_t Dispatched = 0, Ready = 0, Issued = 0, Executed = 0, Retired = 0;
};

struct Profile {
  std::vector<ImageReport> Images;
  std::vector<FunctionReport> Functions; ///< By address.
  std::vector<SourcePlace> Places;
  std::vector<InstructionReport> Instructions; ///< By address.
  std::vector<BlockReport> Blocks;             ///< By address.
  std::vector<CallReport> Calls;
  std::vector<ContextReport> Contexts;
  std::vector<RegionReport> Regions;
  CausedCycles Outside = {}; ///< Of all regions.
  std::vector<TimelineRow> Timeline;
  /// Why something could not be named, a line each.
  std::vector<std::string> Problems;
};

} // namespace mcad

#endif // MCAD_REPORT_PROFILE_H
