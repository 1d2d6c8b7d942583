//===- SymbolTable.cpp - names for a trace's code -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SymbolTable.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {

struct SymbolTable::LoadedFile {
  std::string Path;
  std::vector<uint8_t> BuildId;
  uint64_t LoadBias = 0;
  bool IsOpened = false;
  std::unique_ptr<SymbolFile> File; ///< Null if it cannot be read.
  /// By index in the file's functions, and for what has none, by start of the
  /// image.
  DenseMap<uint32_t, FunctionId> Functions;
  std::map<GuestAddr, FunctionId> Unread;
};

SymbolTable::SymbolTable(const Program &Code, const TraceDescription &Trace,
                         SymbolOptions Options)
    : Code(Code), Options(std::move(Options)), IsOfSystem(Trace.SystemMode),
      MainPath(Trace.BinaryPath) {
  if (Trace.BinaryPath.empty() || Trace.CodeStart >= Trace.CodeEnd)
    return;
  Image Main;
  Main.Start = Trace.CodeStart;
  Main.End = Trace.CodeEnd;
  // Where its code lies in the file is not said; if it must be named by an
  // offset, this is one that can be found again.
  Main.FileOffset = Trace.CodeStart - Trace.LoadBias;
  Main.Path = Trace.BinaryPath;
  Main.BuildId = Trace.BuildId;
  Main.LoadBias = Trace.LoadBias;
  place(Main, std::nullopt);
}

SymbolTable::~SymbolTable() = default;

/// Null for an image without a path: there is no file any more.
SymbolTable::LoadedFile *SymbolTable::fileOf(const Image &Mapped) {
  if (Mapped.Path.empty())
    return nullptr;
  std::unique_ptr<LoadedFile> &File =
      Files[{Mapped.Path, Mapped.BuildId, Mapped.LoadBias}];
  if (!File) {
    File = std::make_unique<LoadedFile>();
    File->Path = Mapped.Path;
    File->BuildId = Mapped.BuildId;
    File->LoadBias = Mapped.LoadBias;
    FilesInOrder.push_back(File.get());
  }
  return File.get();
}

/// Puts \p Mapped over what is there.
void SymbolTable::place(const Image &Mapped, std::optional<ImageId> Id) {
  if (Mapped.Start >= Mapped.End)
    return;
  auto Next = Places.lower_bound(Mapped.Start);
  if (Next != Places.begin() && std::prev(Next)->second.End > Mapped.Start)
    --Next;
  while (Next != Places.end() && Next->first < Mapped.End) {
    const Place Old = Next->second;
    Next = Places.erase(Next);
    if (Old.Start < Mapped.Start) {
      Place &Before = Places[Old.Start] = Old;
      Before.End = Mapped.Start;
    }
    if (Old.End > Mapped.End) {
      Place Behind = Old;
      Behind.Start = Mapped.End;
      Behind.FileOffset += Mapped.End - Old.Start;
      Places[Behind.Start] = Behind;
      break;
    }
  }
  Placed.push_back(
      {Mapped.Start, Mapped.End, Mapped.FileOffset, Id, fileOf(Mapped)});
  if (Placed.back().File)
    Places[Mapped.Start] = Placed.back();
  Before = {};
}

void SymbolTable::placeNewImages() {
  for (const uint32_t N = Code.numImages(); NumImagesPlaced != N;
       ++NumImagesPlaced) {
    const ImageId Id{NumImagesPlaced};
    place(Code.image(Id), Id);
  }
}

/// Null where there is no file.
const SymbolTable::Place *SymbolTable::placeAt(GuestAddr Address,
                                               uint32_t NumImages) {
  placeNewImages();
  const auto isThere = [=](const Place &At) {
    return !At.InImage || mcad::index(*At.InImage) < NumImages;
  };
  auto Behind = Places.upper_bound(Address);
  const Place *Last = nullptr;
  if (Behind != Places.begin() && Address < std::prev(Behind)->second.End)
    Last = &std::prev(Behind)->second;
  if (NumImages >= NumImagesPlaced || (Last && isThere(*Last)))
    return Last;
  // Something else is, or was, there since then: that is rare, but then for
  // all of a block's instructions, one by one.
  if (Before.NumImages == NumImages && Before.Start <= Address &&
      Address < Before.End)
    return Before.At;
  Before = {NumImages, 0, ~GuestAddr(0), nullptr};
  for (const Place &P : reverse(Placed)) {
    if (!isThere(P))
      continue;
    if (P.End <= Address) {
      Before.Start = std::max(Before.Start, P.End);
    } else if (Address < P.Start) {
      Before.End = std::min(Before.End, P.Start);
    } else {
      Before.Start = std::max(Before.Start, P.Start);
      Before.End = std::min(Before.End, P.End);
      Before.At = P.File ? &P : nullptr;
      break;
    }
  }
  return Before.At;
}

SymbolFile *SymbolTable::open(LoadedFile &File) {
  if (!std::exchange(File.IsOpened, true)) {
    Expected<std::unique_ptr<SymbolFile>> Opened = SymbolFile::open(
        File.Path, File.BuildId, Options.DebugPrefix, Code.target());
    if (Opened)
      File.File = std::move(*Opened);
    else
      addProblem(
          File.Path + ": " + toString(Opened.takeError()) +
          ": its code is named by offset: put the file that was traced there");
  }
  return File.File.get();
}

void SymbolTable::addProblem(std::string Line) {
  // At two biases it is still one file.
  if (!is_contained(Problems, Line))
    Problems.push_back(std::move(Line));
}

FunctionId SymbolTable::add(Function New) {
  Functions.push_back(std::move(New));
  return static_cast<FunctionId>(Functions.size() - 1);
}

/// A function for all of an image whose file does not tell what is there.
FunctionId SymbolTable::addUnread(const Place &At) {
  Function New;
  New.Is = Function::Kind::File;
  New.Name = (sys::path::filename(At.File->Path) + "+0x" +
              utohexstr(At.FileOffset, /*LowerCase=*/true))
                 .str();
  New.DemangledName = New.Name;
  New.InImage = At.InImage;
  New.Address = At.Start;
  New.SizeBytes = At.End - At.Start;
  return add(std::move(New));
}

/// A name as people read it. A version behind it is not part of the mangling.
static std::string demangled(StringRef Name) {
  // LLVM takes a function call for each level of a type.
  constexpr size_t Longest = 4096;
  if (Name.size() > Longest)
    return Name.str();
  const StringRef Mangled = Name.take_until([](char C) { return C == '@'; });
  return demangle(Mangled) + Name.drop_front(Mangled.size()).str();
}

FunctionId SymbolTable::functionAt(GuestAddr Address, uint32_t NumImages) {
  const Place *At = placeAt(Address, NumImages);
  if (!At) {
    if (!UnknownFunction) {
      Function Unknown;
      Unknown.Name = Unknown.DemangledName = "[anonymous]";
      UnknownFunction = add(std::move(Unknown));
    }
    return *UnknownFunction;
  }
  LoadedFile &File = *At->File;
  SymbolFile *Symbols = open(File);
  const std::optional<uint32_t> Index =
      Symbols ? Symbols->functions().at(Address - File.LoadBias) : std::nullopt;
  if (!Index) {
    auto [Known, IsNew] = File.Unread.try_emplace(At->Start);
    if (IsNew)
      Known->second = addUnread(*At);
    return Known->second;
  }
  auto [Known, IsNew] = File.Functions.try_emplace(*Index);
  if (!IsNew)
    return Known->second;
  const ObjectFunction &Here = Symbols->functions()[*Index];
  Function New;
  switch (Here.Says) {
  case ObjectFunction::NameOf::Symbol:
    New.Is = Function::Kind::Symbol;
    break;
  case ObjectFunction::NameOf::Callee:
    New.Is = Function::Kind::Plt;
    break;
  case ObjectFunction::NameOf::Section:
    New.Is =
        isPltSection(Here.Name) ? Function::Kind::Plt : Function::Kind::Section;
    break;
  }
  New.Name = Here.name();
  New.DemangledName = demangled(New.Name);
  New.InImage = At->InImage;
  New.Address = Here.Address + File.LoadBias;
  New.SizeBytes = Here.SizeBytes;
  return Known->second = add(std::move(New));
}

std::vector<SourceFrame> SymbolTable::lines(GuestAddr Address,
                                            uint32_t NumImages) {
  const Place *At = placeAt(Address, NumImages);
  SymbolFile *Symbols = At ? open(*At->File) : nullptr;
  if (!Symbols || Symbols->linesHaveFailed())
    return {};
  std::vector<SourceFrame> Frames =
      Symbols->lines(Address - At->File->LoadBias);
  noteDamage(*At->File);
  return Frames;
}

void SymbolTable::noteDamage(LoadedFile &File) {
  if (File.File->linesHaveFailed())
    addProblem(File.Path +
               ": its debug information is damaged: its code has no source "
               "lines: build it anew and trace again");
}

uint32_t SymbolTable::numFiles() {
  placeNewImages();
  return static_cast<uint32_t>(FilesInOrder.size());
}

SymbolTable::MappedFile SymbolTable::file(uint32_t Number) const {
  const LoadedFile &File = *FilesInOrder[Number];
  return {File.Path, File.LoadBias, IsOfSystem || File.Path == MainPath};
}

std::vector<CodeSpan> SymbolTable::symbolSpans(uint32_t File, StringRef Name) {
  LoadedFile &In = *FilesInOrder[File];
  SymbolFile *Symbols = open(In);
  if (!Symbols)
    return {};
  const ElfCode &Elf = Symbols->functions().code();
  std::map<GuestAddr, GuestAddr> EndByStart; // Aliases are one.
  for (const ElfSymbol &S : Elf.Symbols) {
    if (!S.SizeBytes || S.Address + S.SizeBytes < S.Address ||
        !Elf.executableAt(S.Address))
      continue;
    const StringRef Whole = S.Name.substr(0, S.Name.find(".cold"));
    const StringRef Part = S.Name.drop_front(Whole.size());
    if (!Part.empty() && Part != ".cold" && !Part.starts_with(".cold."))
      continue;
    if (Whole == Name || demangled(Whole) == Name) {
      GuestAddr &End = EndByStart[S.Address + In.LoadBias];
      End = std::max(End, S.Address + S.SizeBytes + In.LoadBias);
    }
  }
  std::vector<CodeSpan> Spans;
  for (const auto &[Start, End] : EndByStart)
    Spans.push_back({Start, End});
  return Spans;
}

std::vector<CodeSpan> SymbolTable::lineSpans(uint32_t File,
                                             StringRef SourceFile,
                                             uint32_t First, uint32_t Last) {
  LoadedFile &In = *FilesInOrder[File];
  SymbolFile *Symbols = open(In);
  if (!Symbols || Symbols->linesHaveFailed())
    return {};
  std::vector<CodeSpan> Spans;
  std::optional<uint32_t> Before;
  for (const CodeSpan &Each : Symbols->spansOf(SourceFile, First, Last)) {
    // What is not loaded as code is what the linker left out.
    const std::optional<uint32_t> Function =
        Symbols->functions().at(Each.Start);
    if (!Function)
      continue;
    if (Spans.empty() || Function != Before)
      Spans.push_back({Each.Start + In.LoadBias, Each.End + In.LoadBias});
    else
      Spans.back().End = std::max(Spans.back().End, Each.End + In.LoadBias);
    Before = Function;
  }
  noteDamage(In);
  return Spans;
}

std::vector<RegionMarker> SymbolTable::markers(uint32_t File) {
  LoadedFile &In = *FilesInOrder[File];
  SymbolFile *Symbols = open(In);
  if (!Symbols)
    return {};
  std::vector<RegionMarker> Markers = readMarkers(Symbols->functions().code());
  for (RegionMarker &M : Markers)
    M.Address += In.LoadBias;
  return Markers;
}

} // namespace mcad
