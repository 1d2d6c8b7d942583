//===- Qemu/GuestElf.cpp - what a mapped file tells about its code --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads what GuestElf.h describes, of either width and byte order.
///
//===----------------------------------------------------------------------===//
#include "GuestElf.h"
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcad::qemu {

static_assert(std::endian::native == std::endian::little);

template <typename T> static T byteSwapped(T Value) {
  auto Bytes = std::bit_cast<std::array<uint8_t, sizeof(T)>>(Value);
  std::reverse(Bytes.begin(), Bytes.end());
  return std::bit_cast<T>(Bytes);
}

/// Receivers refuse a longer one.
static constexpr size_t MostBuildIdBytes = 256;

namespace {

template <typename EhdrT, typename PhdrT> class Reader {
  std::span<const uint8_t> File;
  const bool Swapped;

  template <typename T> T number(T Raw) const {
    return Swapped ? byteSwapped(Raw) : Raw;
  }

  std::optional<std::span<const uint8_t>> range(uint64_t At,
                                                uint64_t Size) const {
    if (At > File.size() || Size > File.size() - At)
      return std::nullopt;
    return File.subspan(At, Size);
  }

  /// The build-id in \p Notes; empty if it is not there.
  std::vector<uint8_t> buildId(std::span<const uint8_t> Notes) const {
    // Both widths have the same header of three 32-bit words.
    Elf32_Nhdr Note;
    while (Notes.size() >= sizeof(Note)) {
      std::memcpy(&Note, Notes.data(), sizeof(Note));
      const uint64_t NameSize = (uint64_t(number(Note.n_namesz)) + 3) & ~3ull;
      const uint64_t TextSize = number(Note.n_descsz);
      Notes = Notes.subspan(sizeof(Note));
      if (NameSize + TextSize > Notes.size())
        break;
      if (number(Note.n_type) == NT_GNU_BUILD_ID && NameSize == 4 &&
          std::memcmp(Notes.data(), "GNU", 4) == 0) {
        auto Id = Notes.subspan(NameSize, TextSize);
        if (Id.size() > MostBuildIdBytes)
          break;
        return {Id.begin(), Id.end()};
      }
      const uint64_t Padded = NameSize + ((TextSize + 3) & ~3ull);
      Notes = Notes.subspan(std::min<uint64_t>(Padded, Notes.size()));
    }
    return {};
  }

public:
  Reader(std::span<const uint8_t> File, bool Swapped)
      : File(File), Swapped(Swapped) {}

  std::optional<GuestElf> parse() const {
    EhdrT Header;
    if (File.size() < sizeof(Header))
      return std::nullopt;
    std::memcpy(&Header, File.data(), sizeof(Header));
    GuestElf Facts;
    Facts.Entry = number(Header.e_entry);
    for (unsigned I = 0, E = number(Header.e_phnum); I != E; ++I) {
      PhdrT Segment;
      auto At = range(number(Header.e_phoff), uint64_t(E) * sizeof(Segment));
      if (!At)
        break;
      std::memcpy(&Segment, &(*At)[I * sizeof(Segment)], sizeof(Segment));
      const uint64_t Offset = number(Segment.p_offset);
      if (number(Segment.p_type) == PT_NOTE && Facts.BuildId.empty()) {
        if (auto Notes = range(Offset, number(Segment.p_filesz)))
          Facts.BuildId = buildId(*Notes);
      } else if (number(Segment.p_type) == PT_LOAD) {
        const uint64_t Start = number(Segment.p_vaddr);
        const bool IsExecutable = number(Segment.p_flags) & PF_X;
        if (number(Segment.p_filesz) != 0)
          Facts.Segments.push_back(
              {Offset, number(Segment.p_filesz), Start, IsExecutable});
        if (!IsExecutable)
          continue;
        const uint64_t Room = std::numeric_limits<uint64_t>::max() - Start;
        const uint64_t End =
            Start + std::min<uint64_t>(number(Segment.p_memsz), Room);
        if (Facts.CodeStart == Facts.CodeEnd || Start < Facts.CodeStart) {
          Facts.CodeStart = Start;
          Facts.CodeOffset = Offset;
        }
        Facts.CodeEnd = std::max(Facts.CodeEnd, End);
      }
    }
    return Facts;
  }
};

} // namespace

std::optional<GuestElf> GuestElf::parse(std::span<const uint8_t> File) {
  if (File.size() < EI_NIDENT || std::memcmp(File.data(), ELFMAG, SELFMAG) != 0)
    return std::nullopt;
  const bool Swapped = File[EI_DATA] == ELFDATA2MSB;
  if (File[EI_CLASS] == ELFCLASS64)
    return Reader<Elf64_Ehdr, Elf64_Phdr>(File, Swapped).parse();
  if (File[EI_CLASS] == ELFCLASS32)
    return Reader<Elf32_Ehdr, Elf32_Phdr>(File, Swapped).parse();
  return std::nullopt;
}

std::optional<GuestElf> GuestElf::read(const std::string &Path) {
  const int Descriptor = open(Path.c_str(), O_RDONLY | O_CLOEXEC);
  if (Descriptor < 0)
    return std::nullopt;
  std::optional<GuestElf> Facts;
  struct stat Status;
  if (fstat(Descriptor, &Status) == 0 && Status.st_size > 0) {
    const auto Size = static_cast<size_t>(Status.st_size);
    void *Memory = mmap(nullptr, Size, PROT_READ, MAP_PRIVATE, Descriptor, 0);
    if (Memory != MAP_FAILED) {
      Facts = parse({static_cast<const uint8_t *>(Memory), Size});
      munmap(Memory, Size);
    }
  }
  close(Descriptor);
  return Facts;
}

} // namespace mcad::qemu
