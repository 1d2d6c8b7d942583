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
/// Files that name others (.include, .incbin) are left out, and so is what asks
/// LLVM's assembler for any amount of text (.rept, macros): it takes it.
///
//===----------------------------------------------------------------------===//

#include "../unittests/Broker/Listings.h"
#include "Broker/AsmBroker.h"
#include "Broker/RawBroker.h"
#include "Require.h"

using namespace llvm;
using namespace mcad;

static const Target &targetOf(unsigned Number) {
  static constexpr std::pair<const char *, const char *> Cpus[] = {
      {"x86_64", "skylake"},     {"armv7", "cortex-a57"},
      {"thumbv7", "cortex-a57"}, {"aarch64", "cortex-a57"},
      {"riscv64", "sifive-u74"}, {"powerpc64le", "pwr9"},
  };
  const auto &[Triple, Cpu] = Cpus[Number % std::size(Cpus)];
  return test::target(Triple, Cpu);
}

/// Whether LLVM's assembler would read other files, or go on for very long.
static bool isForOthers(StringRef Text) {
  for (const StringRef Directive :
       {".inc", ".rep", ".irp", ".macro", ".fill", ".zero", ".space", ".skip",
        ".org", ".align", ".p2align", ".balign"})
    if (Text.contains_insensitive(Directive))
      return true;
  return false;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (!Size)
    return 0;
  const Target &T = targetOf(Data[0] / 2);
  const bool IsAssembly = Data[0] % 2;
  auto Source = MemoryBuffer::getMemBufferCopy(
      StringRef(reinterpret_cast<const char *>(Data) + 1, Size - 1), "fuzz");
  if (IsAssembly && isForOthers(Source->getBuffer()))
    return 0;
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
