//===- mcad/Trace/MessageReader.h - frames out of bytes -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Cuts a ByteSource into frames (size prefix and message). Bytes may arrive in
/// any pieces: a prefix in two, a thousand messages at once.
///
/// A frame is handed out where it was read to, in one buffer that is used again
/// and again. The first byte of a frame lies at an address divisible by eight:
/// one that follows a frame of odd length moves down by four bytes. The start
/// of a frame that is not whole yet moves to the buffer's front, once; only
/// where its size prefix itself was cut, and says that the buffer must grow,
/// does it move a second time.
///
/// Of what follows a large frame only the size prefix is read with it: large
/// frames come one behind the other, and the start of the next would have to
/// move. (Moving was an eighth of the samples of llvm-mcad -engine=none -ideal
/// -memory-accesses, gzip over TCP.)
///
/// The reader never looks behind the size prefix, and never takes more memory
/// than limit::MessageBytes and one read ahead.
///
/// Tested by unittests/Trace/MessageReaderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_MESSAGEREADER_H
#define MCAD_TRACE_MESSAGEREADER_H

#include "Trace/ByteSource.h"
#include "Trace/Wire.h"
#include <optional>

namespace mcad {

class MessageReader {
public:
  /// What is read ahead at most, and the buffer at first.
  static constexpr size_t DefaultBufferBytes = 1u << 20;
  /// From here on a frame is large: a call of the kernel costs less than to
  /// move it.
  static constexpr size_t LargeFrameBytes = 1u << 16;

  /// \p BufferBytes is a multiple of eight.
  explicit MessageReader(std::unique_ptr<ByteSource> Source,
                         size_t BufferBytes = DefaultBufferBytes);

  /// The next whole frame, valid until the next call; none if the bytes end
  /// where a frame ends. An error says how the bytes stop making frames.
  llvm::Expected<std::optional<llvm::ArrayRef<uint8_t>>> next();

  /// A message of more bytes is an error; at most limit::MessageBytes, as which
  /// it begins.
  void setLargest(uint32_t Bytes) { Largest = Bytes; }

  /// Which message next() handed out last or failed at; the first is 1.
  uint64_t messageNumber() const { return Number; }

  /// Bytes before that message's frame.
  uint64_t byteOffset() const { return Offset; }

  /// Whether bytes have arrived behind the frame handed out last.
  bool hasMore() const { return Begin + FrameBytes != End; }

private:
  std::unique_ptr<ByteSource> Source;
  /// As uint64_t for its alignment.
  std::unique_ptr<uint64_t[]> Storage;
  size_t Capacity;
  /// Bytes [Begin, End) of the storage have arrived; the frame handed out last
  /// is the first FrameBytes of them.
  size_t Begin = 0, End = 0, FrameBytes = 0;
  uint64_t Number = 0, Offset = 0;
  uint32_t Largest = limit::MessageBytes;

  uint8_t *data() { return reinterpret_cast<uint8_t *>(Storage.get()); }
  /// Waits until \p Bytes have arrived from Begin on; false at the end.
  llvm::Expected<bool> fill(size_t Bytes);
};

} // namespace mcad

#endif // MCAD_TRACE_MESSAGEREADER_H
