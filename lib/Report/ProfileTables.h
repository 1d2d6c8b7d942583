//===- Report/ProfileTables.h - the columns of a profile ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the tables of a Profile hold, column by column, said once for all who
/// write or read them as rows: each columns() shows its row's members to a
/// visitor, always in the same order, which has a method per kind of member:
///
///   text(Name, std::string)       address(Name, GuestAddr)
///   count(Name, uint64_t)         count32(Name, uint32_t)
///   bytes(Name, std::vector)      causes(Name, CausedCycles)
///   index(Name, uint32_t, Table)  of a row of that table, or NoIndex
///   buckets(Name, std::vector)    of a histogram
///
/// A column is added behind the last one.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PROFILETABLES_H
#define MCAD_REPORT_PROFILETABLES_H

#include "Report/Profile.h"
#include <concepts>
#include <type_traits>

namespace mcad {

/// The tables that rows refer to.
enum class ProfileTable : uint8_t {
  Images,
  Functions,
  Places,
  Instructions,
  Contexts,
};

/// A row, const or not.
template <typename T, typename RowType>
concept RowOf = std::same_as<std::remove_const_t<T>, RowType>;

template <RowOf<ImageReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.text("path", R.Path);
  V.text("buildId", R.BuildId);
  V.address("loadBias", R.LoadBias);
}

template <RowOf<FunctionReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.text("name", R.Name);
  V.text("linkName", R.LinkName);
  V.index("image", R.Image, ProfileTable::Images);
  V.address("address", R.Address);
  V.count("sizeBytes", R.SizeBytes);
  V.count("calls", R.Calls);
  V.count("instructions", R.Instructions);
  V.causes("self", R.Self);
  V.count("inclusiveInstructions", R.InclusiveInstructions);
  V.count("inclusiveCycles", R.InclusiveCycles);
}

template <RowOf<InstructionReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.address("address", R.Address);
  V.bytes("bytes", R.Bytes);
  V.text("text", R.Text);
  V.index("function", R.Function, ProfileTable::Functions);
  V.index("place", R.Place, ProfileTable::Places);
  V.count("executions", R.Executions);
  V.causes("cycles", R.Cycles);
  V.address("target", R.Target);
}

template <RowOf<BlockReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.address("address", R.Address);
  V.count32("numInstructions", R.NumInstructions);
  V.index("firstInstruction", R.FirstInstruction, ProfileTable::Instructions);
  V.index("function", R.Function, ProfileTable::Functions);
  V.count("executions", R.Executions);
  V.causes("cycles", R.Cycles);
}

template <RowOf<CallReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.index("caller", R.Caller, ProfileTable::Functions);
  V.index("callee", R.Callee, ProfileTable::Functions);
  V.address("site", R.Site);
  V.count("calls", R.Calls);
  V.count("instructions", R.Instructions);
  V.count("cycles", R.Cycles);
}

template <RowOf<ContextReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.index("parent", R.Parent, ProfileTable::Contexts);
  V.index("function", R.Function, ProfileTable::Functions);
  V.count32("stream", R.Stream);
  V.address("site", R.Site);
  V.count("calls", R.Calls);
  V.count("instructions", R.Instructions);
  V.causes("self", R.Self);
}

template <RowOf<RegionReport> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.text("description", R.Description);
  V.count("entries", R.Entries);
  V.count("openEntries", R.OpenEntries);
  V.count("instructions", R.Instructions);
  V.causes("cycles", R.Cycles);
  V.causes("self", R.Self);
  V.count("entryCycles", R.EntryCycles);
  V.count("minimum", R.Minimum);
  V.count("median", R.Median);
  V.count("percentile90", R.Percentile90);
  V.count("maximum", R.Maximum);
  V.buckets("histogram", R.Histogram);
}

template <RowOf<TimelineRow> Row, typename Visitor>
void columns(Row &R, Visitor &V) {
  V.count32("stream", R.Stream);
  V.count("number", R.Number);
  V.index("instruction", R.Instruction, ProfileTable::Instructions);
  V.count("dispatched", R.Dispatched);
  V.count("ready", R.Ready);
  V.count("issued", R.Issued);
  V.count("executed", R.Executed);
  V.count("retired", R.Retired);
}

} // namespace mcad

#endif // MCAD_REPORT_PROFILETABLES_H
