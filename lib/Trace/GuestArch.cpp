//===- GuestArch.cpp - QEMU's names of targets ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/GuestArch.h"

using namespace llvm;
using namespace mcad;

namespace {

struct Guest {
  StringLiteral Name;
  Triple::ArchType Arch;
  /// Debian's triple where Debian has the architecture.
  StringLiteral TripleName;
};

constexpr Guest Guests[] = {
    {"aarch64", Triple::aarch64, "aarch64-linux-gnu"},
    {"aarch64_be", Triple::aarch64_be, "aarch64_be-linux-gnu"},
    {"arm", Triple::arm, "armv7-linux-gnueabihf"},
    {"armeb", Triple::armeb, "armebv7-linux-gnueabihf"},
    {"hexagon", Triple::hexagon, "hexagon-linux-musl"},
    {"i386", Triple::x86, "i686-linux-gnu"},
    {"loongarch64", Triple::loongarch64, "loongarch64-linux-gnu"},
    {"m68k", Triple::m68k, "m68k-linux-gnu"},
    {"mips", Triple::mips, "mips-linux-gnu"},
    {"mips64", Triple::mips64, "mips64-linux-gnuabi64"},
    {"mips64el", Triple::mips64el, "mips64el-linux-gnuabi64"},
    {"mipsel", Triple::mipsel, "mipsel-linux-gnu"},
    {"mipsn32", Triple::mips64, "mips64-linux-gnuabin32"},
    {"mipsn32el", Triple::mips64el, "mips64el-linux-gnuabin32"},
    {"ppc", Triple::ppc, "powerpc-linux-gnu"},
    {"ppc64", Triple::ppc64, "powerpc64-linux-gnu"},
    {"ppc64le", Triple::ppc64le, "powerpc64le-linux-gnu"},
    {"riscv32", Triple::riscv32, "riscv32-linux-gnu"},
    {"riscv64", Triple::riscv64, "riscv64-linux-gnu"},
    {"s390x", Triple::systemz, "s390x-linux-gnu"},
    {"sparc", Triple::sparc, "sparc-linux-gnu"},
    {"sparc32plus", Triple::sparc, "sparc-linux-gnu"},
    {"sparc64", Triple::sparcv9, "sparc64-linux-gnu"},
    {"x86_64", Triple::x86_64, "x86_64-linux-gnu"},
    {"xtensa", Triple::xtensa, "xtensa-linux-uclibc"},
};

const Guest *find(StringRef Name) {
  for (const Guest &G : Guests)
    if (G.Name == Name)
      return &G;
  return nullptr;
}

/// ARM and Thumb are two states of one CPU.
Triple::ArchType withoutThumb(Triple::ArchType Arch) {
  if (Arch == Triple::thumb)
    return Triple::arm;
  if (Arch == Triple::thumbeb)
    return Triple::armeb;
  return Arch;
}

} // namespace

Triple::ArchType mcad::archOfGuest(StringRef GuestArch) {
  const Guest *G = find(GuestArch);
  return G ? G->Arch : Triple::UnknownArch;
}

Expected<std::string> mcad::tripleOfGuest(StringRef GuestArch) {
  if (const Guest *G = find(GuestArch))
    return G->TripleName.str();
  return createStringError("guest architecture '" + GuestArch +
                           "': no triple is known for it: give -mtriple");
}

Error mcad::checkGuestArch(StringRef GuestArch, StringRef TripleName) {
  if (TripleName.empty())
    return Error::success();
  const Triple Wanted(TripleName);
  if (archOfGuest(GuestArch) == withoutThumb(Wanted.getArch()) &&
      Wanted.getArch() != Triple::UnknownArch)
    return Error::success();
  return createStringError("guest architecture '" + GuestArch +
                           "' is not the triple's '" + TripleName +
                           "': give the -mtriple of the guest, or run the "
                           "program of that triple");
}
