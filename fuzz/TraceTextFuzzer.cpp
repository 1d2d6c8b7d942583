//===- TraceTextFuzzer.cpp - any text as a trace --------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any text assembles or is refused; what was assembled dumps to a text that
/// assembles to the same bytes and dumps to itself. Any frames dump.
///
//===----------------------------------------------------------------------===//

#include "Require.h"
#include "Trace/TraceText.h"
#include "Trace/Wire.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mcad;

namespace {

class Frames : public MessageRecorder {
public:
  std::vector<uint8_t> Bytes;

  Error record(ArrayRef<uint8_t> Message) override {
    uint8_t Prefix[FramePrefixBytes];
    support::endian::write32le(Prefix, Message.size());
    Bytes.insert(Bytes.end(), Prefix, Prefix + FramePrefixBytes);
    Bytes.insert(Bytes.end(), Message.begin(), Message.end());
    return Error::success();
  }
};

std::string dump(ArrayRef<uint8_t> Bytes) {
  MessageReader Messages(std::make_unique<MemorySource>(Bytes), 64);
  std::string Text;
  raw_string_ostream OS(Text);
  // A cut comes last: what was dumped before is a text.
  consumeError(dumpTrace(Messages, OS));
  return Text;
}

/// What \p Text dumps as, assembled, dumps as itself.
void requireStable(const std::string &Text) {
  Frames Again;
  require(!assembleTrace(Text, "dump", Again));
  require(dump(Again.Bytes) == Text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const StringRef Text(reinterpret_cast<const char *>(Data), Size);
  Frames Out;
  if (Error E = assembleTrace(Text, "fuzz", Out))
    require(StringRef(toString(std::move(E))).starts_with("fuzz:"));
  requireStable(dump(Out.Bytes));
  requireStable(dump(ArrayRef(Data, Size)));
  return 0;
}
