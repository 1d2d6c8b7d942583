//===- TraceFile.cpp - recorded traces ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceFile.h"
#include "Trace/Wire.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

using namespace llvm;
using namespace mcad;

namespace {

constexpr std::array<uint8_t, 8> Magic = {0x89, 'M',  'C',  'A',
                                          'D',  '\r', '\n', 0x1a};
constexpr size_t HeaderBytes = Magic.size() + sizeof(uint32_t);

Error systemError(const Twine &Path, const char *What) {
  return createStringError(Path + ": " + What + ": " + std::strerror(errno));
}

} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

Expected<std::unique_ptr<TraceFileWriter>>
TraceFileWriter::create(StringRef Path) {
  std::unique_ptr<TraceFileWriter> Writer(new TraceFileWriter());
  Writer->Path = Path.str();
  sys::fs::file_status Status;
  const bool IsInPlace = !sys::fs::status(Path, Status, /*follow=*/false) &&
                         !sys::fs::is_regular_file(Status);
  Writer->WrittenPath = IsInPlace ? Path.str() : (Path + ".part").str();
  Writer->Descriptor = ::open(Writer->WrittenPath.c_str(),
                              O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (Writer->Descriptor < 0)
    return systemError(Writer->WrittenPath, "cannot be written");

  Writer->Zstd = ZSTD_createCCtx();
  if (!Writer->Zstd)
    return createStringError(Path + ": cannot be written: out of memory");
  ZSTD_CCtx_setParameter(Writer->Zstd, ZSTD_c_checksumFlag, 1);
  Writer->Out.resize(ZSTD_CStreamOutSize());

  std::array<uint8_t, HeaderBytes> Header;
  std::copy(Magic.begin(), Magic.end(), Header.begin());
  support::endian::write32le(Header.data() + Magic.size(),
                             static_cast<uint32_t>(TraceFileVersion::Current));
  if (Error E = Writer->write(Header))
    return E;
  return Writer;
}

TraceFileWriter::~TraceFileWriter() {
  ZSTD_freeCCtx(Zstd);
  if (Descriptor >= 0)
    ::close(Descriptor);
}

Error TraceFileWriter::record(ArrayRef<uint8_t> Message) {
  std::array<uint8_t, FramePrefixBytes> Prefix;
  support::endian::write32le(Prefix.data(),
                             static_cast<uint32_t>(Message.size()));
  if (Error E = compress(Prefix, Ending::Continue))
    return E;
  SinceFlushBytes += Message.size();
  if (SinceFlushBytes < FlushBytes)
    return compress(Message, Ending::Continue);
  SinceFlushBytes = 0;
  return compress(Message, Ending::Flush);
}

Error TraceFileWriter::finish() {
  if (Error E = compress({}, Ending::End))
    return E;
  const int Closing = Descriptor;
  Descriptor = -1;
  // Network and quota file systems report a full disk only here.
  if (::close(Closing) != 0)
    return systemError(WrittenPath, "cannot be written");
  if (WrittenPath == Path)
    return Error::success();
  if (std::error_code Code = sys::fs::rename(WrittenPath, Path))
    return createStringError(WrittenPath + ": cannot be renamed to " + Path +
                             ": " + Code.message());
  return Error::success();
}

Error TraceFileWriter::compress(ArrayRef<uint8_t> Bytes, Ending How) {
  const ZSTD_EndDirective Directive = How == Ending::Continue ? ZSTD_e_continue
                                      : How == Ending::Flush  ? ZSTD_e_flush
                                                              : ZSTD_e_end;
  ZSTD_inBuffer Input = {Bytes.data(), Bytes.size(), 0};
  while (true) {
    ZSTD_outBuffer Output = {Out.data(), Out.size(), 0};
    const size_t Left = ZSTD_compressStream2(Zstd, &Output, &Input, Directive);
    if (ZSTD_isError(Left))
      return createStringError(
          WrittenPath + ": cannot be compressed: " + ZSTD_getErrorName(Left));
    if (Error E = write(ArrayRef(Out).take_front(Output.pos)))
      return E;
    // Continue is done when the input is taken, the others when all is out.
    if (How == Ending::Continue ? Input.pos == Input.size : Left == 0)
      return Error::success();
  }
}

Error TraceFileWriter::write(ArrayRef<uint8_t> Bytes) {
  while (!Bytes.empty()) {
    const ssize_t Count = ::write(Descriptor, Bytes.data(), Bytes.size());
    if (Count < 0 && errno == EINTR)
      continue;
    if (Count < 0)
      return createStringError(WrittenPath +
                               ": cannot be written: " + std::strerror(errno) +
                               ": make room there, or record elsewhere");
    Bytes = Bytes.drop_front(static_cast<size_t>(Count));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

TraceFileSource::TraceFileSource(std::unique_ptr<ByteSource> File,
                                 StringRef Name)
    : Name(Name), File(std::move(File)), Zstd(ZSTD_createDCtx()),
      In(ZSTD_DStreamInSize()) {}

TraceFileSource::~TraceFileSource() { ZSTD_freeDCtx(Zstd); }

Expected<std::unique_ptr<TraceFileSource>>
TraceFileSource::create(StringRef Path) {
  Expected<std::unique_ptr<FileSource>> File = FileSource::create(Path);
  if (!File)
    return File.takeError();
  return create(std::move(*File), Path == "-" ? "standard input" : Path);
}

Expected<std::unique_ptr<TraceFileSource>>
TraceFileSource::create(std::unique_ptr<ByteSource> File, StringRef Name) {
  std::unique_ptr<TraceFileSource> Source(
      new TraceFileSource(std::move(File), Name));
  if (!Source->Zstd)
    return createStringError(Name + ": cannot be read: out of memory");
  while (Source->End < HeaderBytes) {
    Expected<size_t> Count =
        Source->File->read(MutableArrayRef(Source->In).drop_front(Source->End));
    if (!Count)
      return Count.takeError();
    if (*Count == 0)
      break;
    Source->End += *Count;
  }
  const ArrayRef<uint8_t> Header = ArrayRef(Source->In).take_front(Source->End);
  if (Header.empty())
    return createStringError(Name + ": not a trace: the file is empty");
  if (Header.take_front(Magic.size()) !=
      ArrayRef(Magic).take_front(Header.size()))
    return createStringError(
        Name + ": not a trace: it does not begin as one: give a "
               "file that -record or 'mcad trace assemble' wrote");
  if (Header.size() < HeaderBytes)
    return createStringError(Name + ": truncated: it ends inside its header");
  const uint32_t Version =
      support::endian::read32le(Header.data() + Magic.size());
  const auto Current = static_cast<uint32_t>(TraceFileVersion::Current);
  if (Version != Current)
    return createStringError(Name + ": trace file version " + Twine(Version) +
                             ", this MCAD reads version " + Twine(Current) +
                             ": read it with the MCAD that wrote it, or record "
                             "it anew");
  Source->Begin = HeaderBytes;
  return Source;
}

Expected<bool> TraceFileSource::refill() {
  if (Begin != End)
    return true;
  Expected<size_t> Count = File->read(In);
  if (!Count)
    return Count.takeError();
  Begin = 0;
  End = *Count;
  return End != 0;
}

Expected<size_t> TraceFileSource::read(MutableArrayRef<uint8_t> Into) {
  while (true) {
    Expected<bool> HasInput = refill();
    if (!HasInput)
      return HasInput.takeError();
    if (IsAtFrameEnd) {
      if (*HasInput)
        return createStringError(Name + ": corrupt: bytes follow its end");
      return 0;
    }
    // Without input there may still be output that did not fit last time.
    ZSTD_inBuffer Input = {In.data(), End, Begin};
    ZSTD_outBuffer Output = {Into.data(), Into.size(), 0};
    const size_t Hint = ZSTD_decompressStream(Zstd, &Output, &Input);
    if (ZSTD_isError(Hint))
      return createStringError(Name + ": corrupt: " + ZSTD_getErrorName(Hint));
    Begin = Input.pos;
    IsAtFrameEnd = Hint == 0;
    if (Output.pos != 0)
      return Output.pos;
    if (!*HasInput && !IsAtFrameEnd)
      return createStringError(
          Name + ": truncated: its recording was not finished, or the copy not "
                 "completed");
  }
}
