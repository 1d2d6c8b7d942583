//===- SourceLines.cpp - source lines of one ELF file ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SourceLines.h"
#include "Symbols/GuardedReading.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Object/Decompressor.h"
#include <map>

using namespace llvm;
using namespace mcad;

/// Left to itself DWARFContext prints what it finds wrong to standard error.
/// Nothing in lib/ prints; what cannot be read has no source lines.
static std::unique_ptr<DWARFContext>
silentDwarf(const object::ObjectFile &File) {
  const auto Ignore = [](Error E) { consumeError(std::move(E)); };
  return DWARFContext::create(
      File, DWARFContext::ProcessDebugRelocations::Ignore,
      /*LoadedObjectInfo=*/nullptr, /*DWPName=*/"", Ignore, Ignore);
}

/// Whether a section says that it is more when it is unpacked than it can be:
/// LLVM's reader fills that much memory first, for all sections of a file. What
/// zlib compresses becomes smaller by 1032 at most (zlib's Technical Details,
/// "Maximum Compression Factor"), and debug information by zstd far less.
static bool claimsTooMuch(const object::ObjectFile &File) {
  constexpr uint64_t LargestFactor = 1032;
  for (const object::SectionRef &Section : File.sections()) {
    if (!Section.isCompressed())
      continue;
    Expected<StringRef> Packed = Section.getContents();
    if (!Packed) {
      consumeError(Packed.takeError());
      continue;
    }
    Expected<object::Decompressor> Head = object::Decompressor::create(
        "", *Packed, File.isLittleEndian(), File.is64Bit());
    if (!Head) {
      consumeError(Head.takeError());
      continue;
    }
    if (Head->getDecompressedSize() / LargestFactor > Packed->size())
      return true;
  }
  return false;
}

bool SourceLines::ask(function_ref<void()> Ask) {
  // Once: behind it there is the one or the other.
  if (!HasFailed && !Dwarf)
    HasFailed = claimsTooMuch(File);
  if (HasFailed)
    return false;
  const bool IsRead = readGuarded([&] {
    if (!Dwarf)
      Dwarf = silentDwarf(File);
    Ask();
  });
  if (IsRead)
    return true;
  HasFailed = true;
  static_cast<void>(Dwarf.release());
  return false;
}

std::vector<SourceFrame> SourceLines::at(GuestAddr Address) {
  std::vector<SourceFrame> Frames;
  if (!ask([&] { Frames = read(Address); }))
    return {};
  return Frames;
}

std::vector<CodeSpan> SourceLines::spansOf(StringRef File, uint32_t First,
                                           uint32_t Last) {
  std::vector<CodeSpan> Spans;
  if (!ask([&] { Spans = readSpans(File, First, Last); }))
    return {};
  return Spans;
}

std::vector<CodeSpan> SourceLines::readSpans(StringRef File, uint32_t First,
                                             uint32_t Last) {
  std::vector<CodeSpan> Spans;
  for (const std::unique_ptr<DWARFUnit> &Unit : Dwarf->compile_units()) {
    const DWARFDebugLine::LineTable *Table =
        Unit->getUnitDIE() ? Dwarf->getLineTableForUnit(Unit.get()) : nullptr;
    if (!Table)
      continue;
    std::map<uint64_t, bool> IsWanted; // By number of the file.
    const auto isWanted = [&](uint64_t Number) {
      const auto [Known, IsNew] = IsWanted.try_emplace(Number, false);
      std::string Path;
      if (IsNew &&
          Table->getFileNameByIndex(
              Number,
              Unit->getCompilationDir() ? Unit->getCompilationDir() : "",
              DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath, Path))
        Known->second = isCalled(Path, File);
      return Known->second;
    };
    // A row holds up to the next one of its sequence.
    for (const DWARFDebugLine::Sequence &S : Table->Sequences)
      for (uint32_t I = S.FirstRowIndex; I + 1 < S.LastRowIndex; ++I) {
        const DWARFDebugLine::Row &Row = Table->Rows[I];
        const GuestAddr End = Table->Rows[I + 1].Address.Address;
        if (Row.Line >= First && Row.Line <= Last &&
            Row.Address.Address < End && isWanted(Row.File))
          Spans.push_back({Row.Address.Address, End});
      }
  }
  sort(Spans,
       [](const CodeSpan &A, const CodeSpan &B) { return A.Start < B.Start; });
  return Spans;
}

std::vector<SourceFrame> SourceLines::read(GuestAddr Address) {
  // LLVM 19 takes it for granted that a unit's entries can be read.
  DWARFCompileUnit *Unit = Dwarf->getCompileUnitForCodeAddress(Address);
  if (!Unit || !Unit->getUnitDIE(/*ExtractUnitDIEOnly=*/false))
    return {};
  const DILineInfoSpecifier Wanted(
      DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath,
      DINameKind::LinkageName);
  const DIInliningInfo Found = Dwarf->getInliningInfoForAddress(
      {Address, object::SectionedAddress::UndefSection}, Wanted);
  // LLVM's word for what it does not know.
  const auto known = [](const std::string &Text) {
    return Text == DILineInfo::BadString ? std::string() : Text;
  };
  std::vector<SourceFrame> Frames;
  for (uint32_t I = 0; I != Found.getNumberOfFrames(); ++I) {
    const DILineInfo &Frame = Found.getFrame(I);
    if (!Frame)
      continue;
    Frames.push_back({demangle(known(Frame.FunctionName)),
                      known(Frame.FileName), Frame.Line, Frame.Column});
  }
  return Frames;
}
