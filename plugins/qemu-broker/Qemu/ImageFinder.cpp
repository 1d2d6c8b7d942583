//===- Qemu/ImageFinder.cpp - which file a guest's code comes from --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds what ImageFinder.h describes.
///
//===----------------------------------------------------------------------===//
#include "ImageFinder.h"
#include "GuestPage.h"
#include <algorithm>
#include <bit>

namespace mcad::qemu {

/// The range of \p Ranges, by start and disjoint, that \p Address may lie in:
/// the last that does not begin behind it.
template <typename Map> static auto rangeAt(Map &Ranges, GuestAddr Address) {
  auto Behind = Ranges.upper_bound(Address);
  return Behind == Ranges.begin() ? Ranges.end() : std::prev(Behind);
}

bool ImageFinder::isKnown(GuestAddr Address) const {
  auto Range = rangeAt(Known, Address);
  return Range != Known.end() && Address < Range->second;
}

bool ImageFinder::isToBeAskedFor(GuestAddr Address) {
  auto Range = rangeAt(Unknown, Address);
  if (Range == Unknown.end() || Address >= Range->second.End)
    return true;
  return std::has_single_bit(++Range->second.Blocks);
}

/// Takes what overlaps [\p Start, \p End) out of \p Ranges and hands it to
/// \p Each. The parts that stick out are forgotten too: they are found again.
template <typename Map, typename Callable>
static void eraseOverlapping(Map &Ranges, GuestAddr Start, GuestAddr End,
                             Callable Each) {
  auto Next = rangeAt(Ranges, Start);
  if (Next == Ranges.end())
    Next = Ranges.begin();
  while (Next != Ranges.end() && Next->first < End)
    Next = Each(*Next) ? Ranges.erase(Next) : std::next(Next);
}

void ImageFinder::addKnown(GuestAddr Start, GuestAddr End) {
  eraseOverlapping(Known, Start, End,
                   [=](const auto &Range) { return Range.second > Start; });
  Known[Start] = End;
  // The maps have changed, or were never read: what has no file may have one.
  Unknown.clear();
}

void ImageFinder::addUnknown(GuestAddr Start, GuestAddr End) {
  uint64_t Blocks = 1;
  eraseOverlapping(Unknown, Start, End, [&](const auto &Range) {
    if (Range.second.End <= Start)
      return false;
    Blocks = std::max(Blocks, Range.second.Blocks);
    return true;
  });
  if (Unknown.size() >= MostUnknown)
    Unknown.clear();
  Unknown[Start] = {End, Blocks};
}

/// The image that \p Address lies in, which lies in \p Mapping.
std::optional<MappedImage> ImageFinder::imageIn(const HostMapping &Mapping,
                                                GuestAddr Address) const {
  if (Mapping.Path.empty() || Mapping.Path[0] != '/')
    return std::nullopt;
  const std::optional<GuestElf> File = Elf(Mapping.Path);
  if (!File)
    return std::nullopt;
  // Of what is mapped, the guest's address of the file's first byte, if it
  // were.
  const GuestAddr FileStart = Mapping.Start - *GuestBase - Mapping.Offset;
  const uint64_t At = Address - FileStart;
  const GuestElf::Segment *Holds = nullptr;
  for (const GuestElf::Segment &Each : File->Segments)
    if (At >= Each.Offset && At - Each.Offset < Each.Size &&
        (!Holds || Each.IsExecutable))
      Holds = &Each;
  if (!Holds)
    return std::nullopt;
  const uint64_t MappedEnd = Mapping.Offset + (Mapping.End - Mapping.Start);
  MappedImage Image;
  Image.FileOffset = std::max(Holds->Offset, Mapping.Offset);
  Image.Start = FileStart + Image.FileOffset;
  // The segment's end lies in the file's numbers, which a liar may choose.
  Image.End = FileStart + std::min(MappedEnd - Holds->Offset, Holds->Size) +
              Holds->Offset;
  Image.Path = Mapping.Path;
  Image.BuildId = File->BuildId;
  Image.LoadBias = FileStart + Holds->Offset - Holds->Address;
  return Image;
}

void ImageFinder::find(GuestAddr Address,
                       const std::function<void(const MappedImage &)> &Send) {
  if (!GuestBase)
    return;
  std::lock_guard Lock(Mutex);
  if (Found.size() == MostImages || isKnown(Address) ||
      !isToBeAskedFor(Address))
    return;
  const GuestAddr Page = Address - Address % GuestPageBytes;
  GuestAddr Start = Page, End = Page + GuestPageBytes;
  for (const HostMapping &Each : parseMaps(Maps())) {
    if (!Each.contains(Address + *GuestBase))
      continue;
    if (std::optional<MappedImage> Image = imageIn(Each, Address)) {
      addKnown(Image->Start, Image->End);
      return Send(Found.emplace_back(std::move(*Image)));
    }
    Start = Each.Start - *GuestBase;
    End = Each.End - *GuestBase;
    break;
  }
  addUnknown(Start, End);
}

void ImageFinder::forget(GuestAddr Start, uint64_t SizeBytes,
                         const std::function<void(const MappedImage &)> &Send) {
  if (!GuestBase || !SizeBytes)
    return;
  const GuestAddr End =
      SizeBytes > ~GuestAddr(0) - Start ? ~GuestAddr(0) : Start + SizeBytes;
  std::lock_guard Lock(Mutex);
  if (Found.size() == MostImages)
    return;
  eraseOverlapping(Known, Start, End, [&](const auto &Range) {
    if (Range.second <= Start)
      return false;
    MappedImage Gone;
    Gone.Start = Range.first;
    Gone.End = Range.second;
    Send(Found.emplace_back(std::move(Gone)));
    return true;
  });
}

} // namespace mcad::qemu
