//===- ElfFiles.h - ELF files for tests -----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Real files, made by the cross compilers when the test runs.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_SYMBOLS_ELFFILES_H
#define MCAD_UNITTESTS_SYMBOLS_ELFFILES_H

#include "../Target/MakeTarget.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Object/Binary.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

namespace mcad::test {

/// An architecture, its compiler, and how LLVM is asked for it.
struct Arch {
  const char *Compiler; ///< Prefix of gcc, g++, strip, objcopy.
  const char *Flag;
  const char *Triple;
  const char *Cpu;

  const Target &target() const { return test::target(Triple, Cpu); }
  std::string tool(const char *Name) const {
    return std::string(Compiler) + "-" + Name;
  }
  bool isThere() const {
    return bool(llvm::sys::findProgramByName(tool("gcc"))) &&
           bool(llvm::sys::findProgramByName(tool("g++")));
  }
};

inline const Arch X86 = {"x86_64-linux-gnu", "-m64", "x86_64-linux-gnu",
                         "skylake"};
inline const Arch AArch64 = {"aarch64-linux-gnu", "-O1", "aarch64-linux-gnu",
                             "cortex-a57"};
inline const Arch Arm = {"arm-linux-gnueabihf", "-marm",
                         "armv7-linux-gnueabihf", "cortex-a57"};
inline const Arch Thumb = {"arm-linux-gnueabihf", "-mthumb",
                           "armv7-linux-gnueabihf", "cortex-a57"};
inline const Arch RiscV = {"riscv64-linux-gnu", "-O1", "riscv64-linux-gnu",
                           "sifive-u74"};
inline const Arch Power = {"powerpc64le-linux-gnu", "-O1",
                           "powerpc64le-linux-gnu", "pwr9"};
inline const Arch I386 = {"i686-linux-gnu", "-m32", "i686-linux-gnu",
                          "skylake"};

/// A folder of its own, gone at the end.
class Folder {
  llvm::SmallString<128> Path;

public:
  Folder() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("mcad-symbols", Path));
  }
  ~Folder() { llvm::sys::fs::remove_directories(Path); }
  Folder(const Folder &) = delete;

  std::string operator/(llvm::StringRef Name) const {
    return (Path + "/" + Name).str();
  }
  std::string path() const { return Path.str().str(); }

  std::string write(llvm::StringRef Name, llvm::StringRef Text) const {
    const std::string File = *this / Name;
    std::error_code Code;
    llvm::raw_fd_ostream(File, Code) << Text;
    EXPECT_FALSE(Code) << Code.message();
    return File;
  }
};

inline void run(const std::vector<std::string> &Command) {
  auto Program = llvm::sys::findProgramByName(Command[0]);
  ASSERT_TRUE(bool(Program)) << Command[0] << " is not installed";
  std::string Problem;
  EXPECT_EQ(llvm::sys::ExecuteAndWait(
                *Program,
                std::vector<llvm::StringRef>(Command.begin(), Command.end()),
                std::nullopt, {}, 60, 0, &Problem),
            0)
      << llvm::join(Command, " ") << ": " << Problem;
}

/// Compiles \p Text to the file \p Name in \p In; \p Suffix says its language.
inline std::string build(const Folder &In, const Arch &A, llvm::StringRef Text,
                         llvm::StringRef Name,
                         const std::vector<std::string> &Flags,
                         llvm::StringRef Suffix = ".c") {
  const std::string Source = In.write((Name + Suffix).str(), Text),
                    Output = In / Name;
  std::vector<std::string> Command = {A.tool(Suffix == ".cpp" ? "g++" : "gcc"),
                                      A.Flag,
                                      "-Wl,--build-id",
                                      Source,
                                      "-o",
                                      Output};
  Command.insert(Command.end(), Flags.begin(), Flags.end());
  run(Command);
  return Output;
}

using OpenedElf = llvm::object::OwningBinary<llvm::object::ObjectFile>;

inline OpenedElf openElf(const std::string &Path) {
  auto File = llvm::object::ObjectFile::createObjectFile(Path);
  if (!File)
    llvm::report_fatal_error(File.takeError());
  return std::move(*File);
}

/// Has all sections of the 64-bit file \p Bytes that are not loaded say that
/// they are compressed, and of \p Size bytes otherwise. How many there are.
inline unsigned claimCompressed(std::string &Bytes, uint64_t Size) {
  using namespace llvm;
  auto &Header = *reinterpret_cast<ELF::Elf64_Ehdr *>(Bytes.data());
  auto *Sections =
      reinterpret_cast<ELF::Elf64_Shdr *>(Bytes.data() + Header.e_shoff);
  const ELF::Elf64_Chdr Claim{ELF::ELFCOMPRESS_ZLIB, 0, Size, 1};
  unsigned Number = 0;
  for (ELF::Elf64_Shdr &S : MutableArrayRef(Sections, Header.e_shnum)) {
    if (S.sh_flags & ELF::SHF_ALLOC || S.sh_type != ELF::SHT_PROGBITS ||
        S.sh_size < sizeof(Claim))
      continue;
    S.sh_flags |= ELF::SHF_COMPRESSED;
    std::memcpy(Bytes.data() + S.sh_offset, &Claim, sizeof(Claim));
    ++Number;
  }
  return Number;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_SYMBOLS_ELFFILES_H
