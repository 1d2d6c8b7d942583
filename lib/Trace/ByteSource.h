//===- mcad/Trace/ByteSource.h - where bytes come from --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Bytes from outside, in order and once: a file, memory, and in the QEMU
/// broker a socket. One of the few virtual interfaces, because the outside
/// begins here.
///
/// Tested by unittests/Trace/MessageReaderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_BYTESOURCE_H
#define MCAD_TRACE_BYTESOURCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <string>

namespace mcad {

class ByteSource {
public:
  virtual ~ByteSource() = default;

  /// Fills \p Into, which is not empty, from its front with what there is;
  /// waits for at least one byte. How many bytes came: 0 is the end, for good.
  virtual llvm::Expected<size_t> read(llvm::MutableArrayRef<uint8_t> Into) = 0;
};

/// Bytes in memory that somebody else owns.
class MemorySource : public ByteSource {
  llvm::ArrayRef<uint8_t> Rest;
  /// Most bytes that one read returns, to play a peer that sends in pieces.
  size_t PieceBytes;

public:
  explicit MemorySource(llvm::ArrayRef<uint8_t> Bytes,
                        size_t PieceBytes = SIZE_MAX)
      : Rest(Bytes), PieceBytes(PieceBytes) {}

  llvm::Expected<size_t> read(llvm::MutableArrayRef<uint8_t> Into) override;
};

/// A file, or anything else that a path names. "-" is standard input.
class FileSource : public ByteSource {
  std::string Path;
  int Descriptor;

  FileSource(llvm::StringRef Path, int Descriptor)
      : Path(Path), Descriptor(Descriptor) {}

public:
  static llvm::Expected<std::unique_ptr<FileSource>>
  create(llvm::StringRef Path);
  ~FileSource() override;
  FileSource(const FileSource &) = delete;
  FileSource &operator=(const FileSource &) = delete;

  llvm::Expected<size_t> read(llvm::MutableArrayRef<uint8_t> Into) override;
};

} // namespace mcad

#endif // MCAD_TRACE_BYTESOURCE_H
