//===- MessageReader.cpp - frames out of bytes ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/MessageReader.h"
#include "llvm/Support/Endian.h"
#include <cstring>

using namespace llvm;
using namespace mcad;

MessageReader::MessageReader(std::unique_ptr<ByteSource> Source,
                             size_t BufferBytes)
    : Source(std::move(Source)),
      Storage(new uint64_t[BufferBytes / sizeof(uint64_t)]),
      Capacity(BufferBytes) {
  assert(BufferBytes % sizeof(uint64_t) == 0 && BufferBytes != 0);
}

Expected<bool> MessageReader::fill(size_t Bytes) {
  if (End - Begin >= Bytes)
    return true;
  // What is there is the start of a frame: to the front with it.
  if (Bytes > Capacity) {
    const size_t Words =
        (Bytes + FramePrefixBytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
    std::unique_ptr<uint64_t[]> Larger(new uint64_t[Words]);
    std::memcpy(Larger.get(), data() + Begin, End - Begin);
    Storage = std::move(Larger);
    Capacity = Words * sizeof(uint64_t);
  } else if (Begin != 0) {
    std::memmove(data(), data() + Begin, End - Begin);
  }
  End -= Begin;
  Begin = 0;
  while (End < Bytes) {
    const size_t AtMost =
        Bytes < LargeFrameBytes
            ? Capacity
            : std::min<size_t>(Capacity, Bytes + FramePrefixBytes);
    Expected<size_t> Count =
        Source->read(MutableArrayRef(data() + End, AtMost - End));
    if (!Count)
      return Count.takeError();
    if (*Count == 0)
      return false;
    End += *Count;
  }
  return true;
}

Expected<std::optional<ArrayRef<uint8_t>>> MessageReader::next() {
  Begin += FrameBytes;
  Offset += FrameBytes;
  FrameBytes = 0;
  ++Number;

  Expected<bool> HasPrefix = fill(FramePrefixBytes);
  if (!HasPrefix)
    return HasPrefix.takeError();
  if (!*HasPrefix) {
    if (Begin == End)
      return std::nullopt;
    return createStringError(
        "cut off inside a message's size: " + std::to_string(End - Begin) +
        " bytes of " + std::to_string(FramePrefixBytes));
  }
  const uint32_t Size = support::endian::read32le(data() + Begin);
  if (Size == 0)
    return createStringError("a message of no bytes");
  if (Size > Largest)
    return createStringError("a message of " + std::to_string(Size) +
                             " bytes, more than the largest allowed of " +
                             std::to_string(Largest));

  const size_t Whole = FramePrefixBytes + Size;
  Expected<bool> HasMessage = fill(Whole);
  if (!HasMessage)
    return HasMessage.takeError();
  if (!*HasMessage)
    return createStringError(
        "cut off inside a message: " + std::to_string(End - Begin) +
        " bytes of " + std::to_string(Whole));

  FrameBytes = Whole;
  uint8_t *First = data() + Begin;
  // Whatever lay before this frame has been handed out: there is room below.
  if (const size_t Misaligned = Begin % sizeof(uint64_t)) {
    std::memmove(First - Misaligned, First, Whole);
    First -= Misaligned;
  }
  return ArrayRef<uint8_t>(First, Whole);
}
