//===- Symbols/SymbolTable.h - names for a trace's code -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From a run-time address of the guest to the function that it is in, and to
/// its source lines, through the images of the trace and the files that they
/// name. docs/symbols.md has the rules.
///
/// Every address has a function, and a file that cannot be read or is another
/// than the trace's is no error: its code is named by file and offset, and
/// problems() says so.
///
/// A file is opened when the first address in it or its markers are asked for,
/// its debug information at the first question for lines.
///
/// For one thread; the program may grow meanwhile in another.
///
/// Tested by unittests/Symbols/SymbolTableTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_SYMBOLTABLE_H
#define MCAD_SYMBOLS_SYMBOLTABLE_H

#include "Code/Program.h"
#include "Symbols/RegionMarkers.h"
#include "Symbols/SymbolFile.h"
#include "mcad/Broker.h"
#include <deque>
#include <map>
#include <optional>

namespace mcad {

/// Dense per table, in the order of the first question.
enum class FunctionId : uint32_t {};

inline uint32_t index(FunctionId Id) { return static_cast<uint32_t>(Id); }

struct Function {
  enum class Kind : uint8_t {
    Symbol,  ///< The file has a symbol for it.
    Plt,     ///< A stub that calls another file's function.
    Section, ///< No symbol: named ".text+0x1234" by where it begins.
    File,    ///< The file cannot be read: "libfoo.so+0x1234", by offset.
    Unknown, ///< In no file: "[anonymous]".
  };
  Kind Is = Kind::Unknown;
  std::string Name; ///< As the symbol table has it.
  std::string DemangledName;
  /// One of its file; none for Unknown, or if only the trace's description
  /// tells of the file.
  std::optional<ImageId> InImage;
  GuestAddr Address = 0;  ///< At run time. 0 for Unknown.
  uint64_t SizeBytes = 0; ///< 0 for Unknown.
};

struct SymbolOptions {
  /// Where separate debug files are, as <prefix>/.build-id/xx/yyyy.debug.
  std::string DebugPrefix = "/usr/lib/debug";
};

class SymbolTable {
public:
  /// All outlive the table. Of \p Trace the main executable is taken, for what
  /// no image of \p Code covers.
  SymbolTable(const Program &Code, const TraceDescription &Trace,
              SymbolOptions Options = {});
  ~SymbolTable();

  /// All images that there are.
  static constexpr uint32_t AllImages = ~uint32_t(0);

  /// The function at \p Address, of Thumb code without the low bit, when only
  /// the first \p NumImages images were known (CodeBlock::NumImages).
  FunctionId functionAt(GuestAddr Address, uint32_t NumImages = AllImages);
  /// Stays where it is.
  const Function &function(FunctionId Id) const {
    return Functions[mcad::index(Id)];
  }
  uint32_t numFunctions() const {
    return static_cast<uint32_t>(Functions.size());
  }

  /// The source lines at \p Address, innermost first; see SourceLines.
  std::vector<SourceFrame> lines(GuestAddr Address,
                                 uint32_t NumImages = AllImages);

  /// Where regions (Attribution/RegionMap.h) may lie: in the files that code
  /// was mapped from so far, numbered in the order in which they came.
  struct MappedFile {
    llvm::StringRef Path;
    uint64_t LoadBias;
    bool IsMain; ///< The main executable; of a system, any file.
  };
  uint32_t numFiles();
  MappedFile file(uint32_t Number) const;
  /// The code of all symbols of a file that are called \p Name, mangled or
  /// demangled, or are the cold part of such a one. These and the next are at
  /// run time, by address; none if the file cannot be read.
  std::vector<CodeSpan> symbolSpans(uint32_t File, llvm::StringRef Name);
  /// SourceLines::spansOf(): of each function from the first such instruction
  /// to the last.
  std::vector<CodeSpan> lineSpans(uint32_t File, llvm::StringRef SourceFile,
                                  uint32_t First, uint32_t Last);
  std::vector<RegionMarker> markers(uint32_t File);

  /// One line for each file whose code could not be named or has no lines for
  /// being damaged, with what to do:
  /// lower case, no full stop. Grows with the questions.
  llvm::ArrayRef<std::string> problems() const { return Problems; }

private:
  /// A file at one load bias; opened when first asked.
  struct LoadedFile;
  /// Where an address leads: a mapped range of a file.
  struct Place {
    GuestAddr Start = 0, End = 0; ///< Half-open, never empty.
    uint64_t FileOffset = 0;      ///< Of the byte at Start.
    std::optional<ImageId> InImage;
    LoadedFile *File = nullptr;
  };

  const Program &Code;
  const SymbolOptions Options;
  std::deque<Function> Functions;
  std::optional<FunctionId> UnknownFunction;
  std::vector<std::string> Problems;

  /// By path, build-id and load bias.
  using FileKey = std::tuple<std::string, std::vector<uint8_t>, uint64_t>;
  std::map<FileKey, std::unique_ptr<LoadedFile>> Files;
  std::vector<LoadedFile *> FilesInOrder;
  const bool IsOfSystem;
  const std::string MainPath; ///< Of the main executable.
  /// By start, disjoint: each image in the pieces that later ones left of it.
  std::map<GuestAddr, Place> Places;
  uint32_t NumImagesPlaced = 0;
  /// All of each, in order, as they were placed.
  std::vector<Place> Placed;
  /// The last answer of what was there before other images: it holds from Start
  /// to before End.
  struct {
    uint32_t NumImages = 0;
    GuestAddr Start = 0, End = 0;
    const Place *At = nullptr;
  } Before;

  void place(const Image &Mapped, std::optional<ImageId> Id);
  void placeNewImages();
  LoadedFile *fileOf(const Image &Mapped);
  const Place *placeAt(GuestAddr Address, uint32_t NumImages);
  SymbolFile *open(LoadedFile &File);
  void noteDamage(LoadedFile &File);
  void addProblem(std::string Line);
  FunctionId add(Function New);
  FunctionId addUnread(const Place &At);
};

} // namespace mcad

#endif // MCAD_SYMBOLS_SYMBOLTABLE_H
