//===- ListingFuzzer.cpp - any text as assembly, any bytes as code --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The first byte chooses a target and one of the brokers `asm` and `raw`, the
/// rest is their file. What they take is listings that have instructions and
/// can be decoded; what they refuse they refuse in one line, by the file's
/// name.
///
/// Of assembly only the comments, which mark regions, are the fuzzer's; the
/// lines between are instructions of the target. LLVM's assembler is not what
/// is fuzzed: it goes on for ever at some nonsense (docs/bugs-met.md).
///
//===----------------------------------------------------------------------===//

#include "../unittests/Broker/Listings.h"
#include "Broker/AsmBroker.h"
#include "Broker/RawBroker.h"
#include "Require.h"

using namespace llvm;
using namespace mcad;

struct Chosen {
  const char *Triple, *Cpu;
  const char *Comment; ///< What begins one.
  const char *Instructions[3];
};
constexpr Chosen Targets[] = {
    {"x86_64",
     "skylake",
     "#",
     {"addl %eax, %ecx", "rep movsb", "xorl %eax, %eax"}},
    {"armv7",
     "cortex-a57",
     "@",
     {"add r0, r1, r2, lsl #3", "ldmia r0!, {r1-r4}", "bx lr"}},
    {"thumbv7", "cortex-a57", "@", {"itt eq", "moveq r0, #1", "push {r4, lr}"}},
    {"aarch64",
     "cortex-a57",
     "//",
     {"ldp x0, x1, [x2], #16", "fmla v0.4s, v1.4s, v2.4s", "ret"}},
    {"riscv64", "sifive-u74", "#", {"addi a0, a0, 1", "lw a1, 0(a0)", "ret"}},
    {"powerpc64le", "pwr9", "#", {"lwarx 3, 0, 4", "stdu 1, -32(1)", "blr"}},
};

/// Of each line the first byte says whether it is a comment or which
/// instruction it is.
static std::string assembly(const Chosen &For, StringRef Lines) {
  std::string Text;
  while (!Lines.empty()) {
    const auto [Line, Rest] = Lines.split('\n');
    if (!Line.empty()) {
      const auto What = static_cast<uint8_t>(Line.front());
      if (What % 4 < std::size(For.Instructions))
        Text += For.Instructions[What % 4];
      else
        (Text += For.Comment) += Line.drop_front();
    }
    if (Line.size() != Lines.size())
      Text += '\n';
    Lines = Rest;
  }
  return Text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (!Size)
    return 0;
  const Chosen &For = Targets[Data[0] / 2 % std::size(Targets)];
  const mcad::Target &T = test::target(For.Triple, For.Cpu);
  const bool IsAssembly = Data[0] % 2;
  const StringRef Input(reinterpret_cast<const char *>(Data) + 1, Size - 1);
  auto Source = MemoryBuffer::getMemBufferCopy(
      IsAssembly ? assembly(For, Input) : Input.str(), "fuzz");
  constexpr unsigned Iterations = 2;
  Expected<std::unique_ptr<Broker>> From =
      IsAssembly ? createAsmBroker(T, std::move(Source), Iterations, nulls())
                 : createRawBroker(T, *Source, Iterations);
  if (!From) {
    const std::string Why = toString(From.takeError());
    require(StringRef(Why).starts_with("fuzz:") &&
            !StringRef(Why).contains('\n'));
    return 0;
  }
  const std::vector<test::Listing> Listings = test::read(T, **From);
  require(!Listings.empty());
  for (const test::Listing &L : Listings) {
    require(!L.Instructions.empty());
    require(L.Executed.size() == Iterations * L.BlockLengths.size());
  }
  return 0;
}
