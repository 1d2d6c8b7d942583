//===- ByteSource.cpp - where bytes come from -----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/ByteSource.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace llvm;
using namespace mcad;

Expected<size_t> MemorySource::read(MutableArrayRef<uint8_t> Into) {
  const size_t Count = std::min({Into.size(), Rest.size(), PieceBytes});
  std::copy_n(Rest.begin(), Count, Into.begin());
  Rest = Rest.drop_front(Count);
  return Count;
}

Expected<std::unique_ptr<FileSource>> FileSource::create(StringRef Path) {
  if (Path == "-")
    return std::unique_ptr<FileSource>(new FileSource(Path, STDIN_FILENO));
  const int Descriptor = ::open(Path.str().c_str(), O_RDONLY | O_CLOEXEC);
  if (Descriptor < 0)
    return createStringError(Twine(Path) +
                             ": cannot be opened: " + std::strerror(errno));
  return std::unique_ptr<FileSource>(new FileSource(Path, Descriptor));
}

FileSource::~FileSource() {
  if (Descriptor != STDIN_FILENO)
    ::close(Descriptor);
}

Expected<size_t> FileSource::read(MutableArrayRef<uint8_t> Into) {
  while (true) {
    const ssize_t Count = ::read(Descriptor, Into.data(), Into.size());
    if (Count >= 0)
      return static_cast<size_t>(Count);
    if (errno != EINTR)
      return createStringError(Twine(Path) +
                               ": cannot be read: " + std::strerror(errno));
  }
}
