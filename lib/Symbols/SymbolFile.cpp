//===- SymbolFile.cpp - one file that code comes from ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SymbolFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {

namespace {

using Opened = object::OwningBinary<object::ObjectFile>;

Expected<Opened> openElf(const std::string &Path) {
  sys::fs::file_status Status;
  if (std::error_code Code = sys::fs::status(Path, Status))
    return createStringError("cannot be read: " + Code.message());
  // A pipe would be waited for.
  if (!sys::fs::is_regular_file(Status))
    return createStringError("is no regular file");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Bytes = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Bytes)
    return createStringError("cannot be read: " + Bytes.getError().message());
  if (!(*Bytes)->getBuffer().starts_with(StringRef("\x7f"
                                                   "ELF")))
    return createStringError("is no ELF file");
  Expected<std::unique_ptr<object::ObjectFile>> File =
      object::ObjectFile::createELFObjectFile(**Bytes);
  if (!File)
    return createStringError("is damaged (" + toString(File.takeError()) + ")");
  return Opened(std::move(*File), std::move(*Bytes));
}

/// The debug file of \p BuildId, if there is one and it is of this build-id.
Opened openDebugFile(ArrayRef<uint8_t> BuildId, StringRef Prefix) {
  if (BuildId.size() < 2 || Prefix.empty())
    return {};
  const std::string Digits = toHex(BuildId, /*LowerCase=*/true);
  SmallString<128> Path(Prefix);
  sys::path::append(Path, ".build-id", StringRef(Digits).take_front(2),
                    StringRef(Digits).drop_front(2) + ".debug");
  Expected<Opened> Debug = openElf(Path.str().str());
  if (!Debug) {
    consumeError(Debug.takeError());
    return {};
  }
  if (object::getBuildID(Debug->getBinary()) != BuildId)
    return {};
  return std::move(*Debug);
}

} // namespace

SymbolFile::SymbolFile(Opened File, Opened Debug, const Target &T)
    : File(std::move(File)), Debug(std::move(Debug)),
      Functions(*this->File.getBinary(), this->Debug.getBinary(), T) {}

Expected<std::vector<Image>> SymbolFile::images(const std::string &Path,
                                                uint64_t LoadBias) {
  Expected<Opened> File = openElf(Path);
  if (!File)
    return File.takeError();
  const ArrayRef<uint8_t> BuildId = object::getBuildID(File->getBinary());
  std::vector<Image> Images;
  for (const ElfSection &Section : ElfCode::read(*File->getBinary()).Sections) {
    if (!Section.IsExecutable)
      continue;
    Image Mapped;
    Mapped.Start = Section.Address + LoadBias;
    Mapped.End = Section.End + LoadBias;
    Mapped.FileOffset = Section.FileOffset;
    Mapped.Path = Path;
    Mapped.BuildId = BuildId;
    Mapped.LoadBias = LoadBias;
    Images.push_back(std::move(Mapped));
  }
  if (Images.empty())
    return createStringError("has no section of code");
  return Images;
}

Expected<std::unique_ptr<SymbolFile>>
SymbolFile::open(const std::string &Path, ArrayRef<uint8_t> BuildId,
                 const std::string &DebugPrefix, const Target &T) {
  Expected<Opened> File = openElf(Path);
  if (!File)
    return File.takeError();
  const ArrayRef<uint8_t> Found = object::getBuildID(File->getBinary());
  if (!BuildId.empty() && Found != BuildId)
    return createStringError(
        Found.empty() ? "has no build-id, the trace's file has " +
                            toHex(BuildId, /*LowerCase=*/true)
                      : "has the build-id " + toHex(Found, true) +
                            ", the trace's file has " + toHex(BuildId, true));
  Opened Debug = openDebugFile(Found, DebugPrefix);
  return std::unique_ptr<SymbolFile>(
      new SymbolFile(std::move(*File), std::move(Debug), T));
}

SourceLines &SymbolFile::sourceLines() {
  if (!Lines)
    Lines.emplace(Debug.getBinary() ? *Debug.getBinary() : *File.getBinary());
  return *Lines;
}

std::vector<SourceFrame> SymbolFile::lines(GuestAddr Address) {
  return sourceLines().at(Address);
}

std::vector<CodeSpan> SymbolFile::spansOf(StringRef SourceFile, uint32_t First,
                                          uint32_t Last) {
  return sourceLines().spansOf(SourceFile, First, Last);
}

} // namespace mcad
