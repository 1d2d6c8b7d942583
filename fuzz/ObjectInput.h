//===- ObjectInput.h - a fuzzer's bytes as an object file -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_FUZZ_OBJECTINPUT_H
#define MCAD_FUZZ_OBJECTINPUT_H

#include "llvm/Object/ObjectFile.h"

/// The file that LLVM takes the bytes for, over them; null if for none.
inline std::unique_ptr<llvm::object::ObjectFile> objectIn(const uint8_t *Data,
                                                          size_t Size) {
  const llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> File =
      llvm::object::ObjectFile::createObjectFile(
          llvm::MemoryBufferRef(Bytes, "fuzz"));
  if (File)
    return std::move(*File);
  llvm::consumeError(File.takeError());
  return nullptr;
}

#endif // MCAD_FUZZ_OBJECTINPUT_H
