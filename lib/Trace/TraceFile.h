//===- mcad/Trace/TraceFile.h - recorded traces ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A trace in a file: the frames of the wire, as they came, compressed.
///
///   bytes 0 to 7    89 4d 43 41 44 0d 0a 1a ("\x89MCAD\r\n\x1a"): a copy that
///                   treated the file as text has damaged these
///   bytes 8 to 11   TraceFileVersion, little-endian
///   then            one zstd frame with a checksum, holding the frames of all
///                   messages but Reply; nothing after it
///
/// zstd, because a program's execution repeats itself and the wire's vectors
/// are plain; one frame rather than one per message, because messages repeat
/// each other.
///
/// A recording is written to `<path>.part` and renamed when it is finished, so
/// that a file under its own name is whole. What was written is flushed every
/// 4 MiB of messages: a `.part` that a crash left can be read up to there.
///
/// Tested by unittests/Trace/TraceFileTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_TRACEFILE_H
#define MCAD_TRACE_TRACEFILE_H

#include "Trace/ByteSource.h"
#include "mcad/Broker.h"
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace mcad {

/// The versions of the file around the messages; the messages' own version is
/// Protocol, in their Hello.
enum class TraceFileVersion : uint32_t {
  /// Magic, version, one zstd frame.
  First = 1,
  Current = First,
};

/// Writes a trace file.
class TraceFileWriter : public MessageRecorder {
public:
  /// Begins to write to `<path>.part`; a path that names something other than
  /// a regular file (a pipe, /dev/null) is written as it is.
  static llvm::Expected<std::unique_ptr<TraceFileWriter>>
  create(llvm::StringRef Path);

  /// A recording that was not finished stays under its `.part` name.
  ~TraceFileWriter() override;
  TraceFileWriter(const TraceFileWriter &) = delete;
  TraceFileWriter &operator=(const TraceFileWriter &) = delete;

  llvm::Error record(llvm::ArrayRef<uint8_t> Message) override;

  /// Ends the file and gives it its name. Nothing may be recorded afterwards.
  llvm::Error finish();

private:
  static constexpr size_t FlushBytes = 4u << 20;

  std::string Path;
  /// Where the bytes go until finish().
  std::string WrittenPath;
  int Descriptor = -1;
  ZSTD_CCtx_s *Zstd = nullptr;
  /// Compressed bytes on their way to the file.
  std::vector<uint8_t> Out;
  size_t SinceFlushBytes = 0;

  TraceFileWriter() = default;
  enum class Ending { Continue, Flush, End };
  llvm::Error compress(llvm::ArrayRef<uint8_t> Bytes, Ending How);
  llvm::Error write(llvm::ArrayRef<uint8_t> Bytes);
};

/// Reads a trace file's frames.
class TraceFileSource : public ByteSource {
public:
  /// Opens the file and checks its magic and version.
  static llvm::Expected<std::unique_ptr<TraceFileSource>>
  create(llvm::StringRef Path);
  /// The same over the bytes of a file from elsewhere; \p Name is for messages.
  static llvm::Expected<std::unique_ptr<TraceFileSource>>
  create(std::unique_ptr<ByteSource> File, llvm::StringRef Name);

  ~TraceFileSource() override;
  TraceFileSource(const TraceFileSource &) = delete;
  TraceFileSource &operator=(const TraceFileSource &) = delete;

  llvm::Expected<size_t> read(llvm::MutableArrayRef<uint8_t> Into) override;

private:
  std::string Name;
  std::unique_ptr<ByteSource> File;
  ZSTD_DCtx_s *Zstd = nullptr;
  /// Compressed bytes; [Begin, End) are yet to be decompressed.
  std::vector<uint8_t> In;
  size_t Begin = 0, End = 0;
  bool IsAtFrameEnd = false;

  TraceFileSource(std::unique_ptr<ByteSource> File, llvm::StringRef Name);
  /// Reads more compressed bytes once all are used; false at the file's end.
  llvm::Expected<bool> refill();
};

} // namespace mcad

#endif // MCAD_TRACE_TRACEFILE_H
