//===- mcad/GuestProgram.cpp - the program that is to be run -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GuestProgram.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace llvm::object;

namespace mcad {

namespace {

/// What of an ELF header decides on the target.
struct Machine {
  uint16_t Number; ///< EM_...
  bool Is64Bit, IsLittleEndian;
  uint32_t Flags;
};

struct QemuTarget {
  StringLiteral Name;
  uint16_t Number;
  bool Is64Bit, IsLittleEndian;
  /// Debian's: folder of libraries in /usr, and their package; empty: none.
  StringLiteral Folder, Package;
};

/// One entry per target, and one more for each further folder.
constexpr QemuTarget Targets[] = {
    {"arm", ELF::EM_ARM, false, true, "arm-linux-gnueabihf",
     "libc6-armhf-cross"},
    {"arm", ELF::EM_ARM, false, true, "arm-linux-gnueabi", "libc6-armel-cross"},
    {"armeb", ELF::EM_ARM, false, false, "", ""},
    {"aarch64", ELF::EM_AARCH64, true, true, "aarch64-linux-gnu",
     "libc6-arm64-cross"},
    {"aarch64_be", ELF::EM_AARCH64, true, false, "", ""},
    {"hexagon", ELF::EM_HEXAGON, false, true, "", ""},
    {"i386", ELF::EM_386, false, true, "i686-linux-gnu", "libc6-i386-cross"},
    {"loongarch64", ELF::EM_LOONGARCH, true, true, "loongarch64-linux-gnu", ""},
    {"m68k", ELF::EM_68K, false, false, "m68k-linux-gnu", "libc6-m68k-cross"},
    {"mips", ELF::EM_MIPS, false, false, "mips-linux-gnu", "libc6-mips-cross"},
    {"mipsel", ELF::EM_MIPS, false, true, "mipsel-linux-gnu",
     "libc6-mipsel-cross"},
    {"mips64", ELF::EM_MIPS, true, false, "mips64-linux-gnuabi64",
     "libc6-mips64-cross"},
    {"mips64el", ELF::EM_MIPS, true, true, "mips64el-linux-gnuabi64",
     "libc6-mips64el-cross"},
    {"ppc", ELF::EM_PPC, false, false, "powerpc-linux-gnu",
     "libc6-powerpc-cross"},
    {"ppc64", ELF::EM_PPC64, true, false, "powerpc64-linux-gnu",
     "libc6-ppc64-cross"},
    {"ppc64le", ELF::EM_PPC64, true, true, "powerpc64le-linux-gnu",
     "libc6-ppc64el-cross"},
    {"riscv32", ELF::EM_RISCV, false, true, "", ""},
    {"riscv64", ELF::EM_RISCV, true, true, "riscv64-linux-gnu",
     "libc6-riscv64-cross"},
    {"s390x", ELF::EM_S390, true, false, "s390x-linux-gnu",
     "libc6-s390x-cross"},
    {"sparc64", ELF::EM_SPARCV9, true, false, "sparc64-linux-gnu",
     "libc6-sparc64-cross"},
    {"sparc", ELF::EM_SPARC, false, false, "", ""},
    {"sparc32plus", ELF::EM_SPARC32PLUS, false, false, "", ""},
    {"x86_64", ELF::EM_X86_64, true, true, "x86_64-linux-gnu",
     "libc6-amd64-cross"},
    {"xtensa", ELF::EM_XTENSA, false, true, "", ""},
};

/// Empty if QEMU has no such target.
std::string targetOf(const Machine &M) {
  // A third ABI, of 32 bits on 64-bit machines.
  if (M.Number == ELF::EM_MIPS && M.Flags & ELF::EF_MIPS_ABI2)
    return M.IsLittleEndian ? "mipsn32el" : "mipsn32";
  for (const QemuTarget &T : Targets)
    if (T.Number == M.Number && T.Is64Bit == M.Is64Bit &&
        T.IsLittleEndian == M.IsLittleEndian)
      return T.Name.str();
  return "";
}

/// The file is there, but none that can be run.
Error refuse(StringRef Path, const Twine &Why) {
  return createStringError(make_error_code(std::errc::permission_denied),
                           Path + ": " + Why);
}

template <typename ELFT>
Expected<GuestProgram> read(const ELFObjectFile<ELFT> &File, StringRef Path) {
  const auto &Header = File.getELFFile().getHeader();
  if (Header.e_type != ELF::ET_EXEC && Header.e_type != ELF::ET_DYN)
    return refuse(Path, Header.e_type == ELF::ET_REL
                            ? "an object file and no program: link it"
                            : "an ELF file, but no program");
  GuestProgram Program;
  Program.Arch =
      targetOf({Header.e_machine, ELFT::Is64Bits,
                ELFT::Endianness == endianness::little, Header.e_flags});
  if (Program.Arch.empty())
    return refuse(Path, "a program for a machine that QEMU has no user mode "
                        "for (ELF machine " +
                            Twine(Header.e_machine) + ", " +
                            (ELFT::Is64Bits ? "64" : "32") + " bits)");
  auto Segments = File.getELFFile().program_headers();
  if (!Segments)
    return refuse(Path, toString(Segments.takeError()));
  for (const auto &Segment : *Segments) {
    if (Segment.p_type != ELF::PT_INTERP)
      continue;
    auto Bytes = File.getELFFile().getSegmentContents(Segment);
    if (!Bytes)
      return refuse(Path, toString(Bytes.takeError()));
    Program.Interpreter =
        toStringRef(*Bytes).take_until([](char C) { return !C; }).str();
  }
  return Program;
}

Expected<GuestProgram> read(StringRef Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (std::error_code EC = Buffer.getError())
    return refuse(Path, EC.message());
  const StringRef Bytes = (*Buffer)->getBuffer();
  if (Bytes.starts_with("#!"))
    return refuse(Path, "a script: name its interpreter, as in 'mcad run -- " +
                            Bytes.drop_front(2).split('\n').first.trim() + " " +
                            Path + "'");
  if (!Bytes.starts_with("\x7f"
                         "ELF"))
    return refuse(Path, "not an ELF program");
  Expected<std::unique_ptr<ObjectFile>> File =
      ObjectFile::createELFObjectFile((*Buffer)->getMemBufferRef());
  if (!File)
    return refuse(Path, "not an ELF program that can be read: " +
                            toString(File.takeError()));
  if (const auto *F = dyn_cast<ELF32LEObjectFile>(File->get()))
    return read(*F, Path);
  if (const auto *F = dyn_cast<ELF32BEObjectFile>(File->get()))
    return read(*F, Path);
  if (const auto *F = dyn_cast<ELF64LEObjectFile>(File->get()))
    return read(*F, Path);
  return read(*cast<ELF64BEObjectFile>(File->get()), Path);
}

} // namespace

Expected<GuestProgram> GuestProgram::find(StringRef Word) {
  std::string Path = Word.str();
  if (!Word.contains('/')) {
    ErrorOr<std::string> Found = sys::findProgramByName(Word);
    if (!Found)
      return createStringError(
          make_error_code(std::errc::no_such_file_or_directory),
          Word + ": no such program in PATH" +
              (sys::fs::exists(Word) ? ": did you mean ./" + Word + "?"
                                     : Twine()));
    Path = *Found;
  }
  if (!sys::fs::exists(Path))
    return createStringError(
        make_error_code(std::errc::no_such_file_or_directory),
        Path + ": no such file");
  if (sys::fs::is_directory(Path))
    return refuse(Path, "a folder");
  if (!sys::fs::can_execute(Path))
    return refuse(Path, "not executable: chmod +x makes it so");
  Expected<GuestProgram> Program = read(Path);
  if (!Program)
    return Program.takeError();
  Program->Word = Word.str();
  Program->Path = std::move(Path);
  return Program;
}

Expected<std::string> GuestProgram::sysroot(StringRef Wanted) const {
  if (Interpreter.empty() || sys::fs::exists(Interpreter) ||
      (!Wanted.empty() && sys::fs::exists(Wanted + Interpreter)))
    return Wanted.str();
  if (!Wanted.empty())
    return createStringError(make_error_code(std::errc::permission_denied),
                             Path + ": its loader " + Interpreter +
                                 " is neither on this machine nor in "
                                 "--sysroot=" +
                                 Wanted);
  std::string Where, Package;
  for (const QemuTarget &T : Targets) {
    if (T.Name != Arch || T.Folder.empty())
      continue;
    const std::string Folder = "/usr/" + T.Folder.str();
    if (sys::fs::exists(Folder + Interpreter))
      return Folder;
    Where += (Where.empty() ? ", nor in " : " or ") + Folder;
    if (Package.empty())
      Package = T.Package.str();
  }
  return createStringError(
      make_error_code(std::errc::permission_denied),
      Path + ": its loader " + Interpreter + " is not on this machine" + Where +
          ": " + (Package.empty() ? "" : "install " + Package + ", or ") +
          "give --sysroot=<folder>");
}

static const QemuTarget *firstOf(StringRef Arch) {
  for (const QemuTarget &T : Targets)
    if (T.Name == Arch)
      return &T;
  return nullptr;
}

std::string debianSysroot(StringRef Arch) {
  const QemuTarget *T = firstOf(Arch);
  return T && !T->Folder.empty() ? "/usr/" + T->Folder.str() : "";
}

std::string debianLibraries(StringRef Arch) {
  const QemuTarget *T = firstOf(Arch);
  return T ? T->Package.str() : "";
}

} // namespace mcad
