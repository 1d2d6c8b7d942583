//===- Qemu/ImageFinder.h - which file a guest's code comes from ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the images of the wire: the ranges of ELF files whose code the guest
/// executes, of executable, loader and libraries, also those that it loads as
/// it runs.
///
/// QEMU tells nobody what a guest maps. But in user mode the guest's memory is
/// this process's, at one distance for life (the guest base), so that
/// /proc/self/maps has it. It is read when a block is translated at an address
/// of which nothing is known yet, a few times in a run. QEMU maps the guest's
/// code without the right to execute it, so the file's program headers say
/// what is code.
///
/// Code in no file (a JIT's, trampolines, the vdso) must not have the maps read
/// for each of its blocks, and yet a library may be loaded later to where it
/// was. So the mapping that such code lies in is remembered, and the maps are
/// read again at its 2nd, 4th, 8th ... block; and all such memory is forgotten
/// when a new image is found, since then the maps have changed. Where the guest
/// maps or unmaps memory in which an image is, that image is gone, and is found
/// again if it is not: a library may be loaded to where another one was.
///
/// Tested by unittests/Relay/ImageFinderTest.cpp, test/EndToEnd/images-*.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_IMAGEFINDER_H
#define MCAD_QEMU_IMAGEFINDER_H

#include "GuestElf.h"
#include "HostMapping.h"
#include "MessageWriter.h"
#include <functional>
#include <map>
#include <mutex>

namespace mcad::qemu {

class ImageFinder {
public:
  using ReadMaps = std::function<std::string()>;
  using ReadElf =
      std::function<std::optional<GuestElf>(const std::string &Path)>;

  /// \p GuestBase is the host address of the guest's 0; none means that
  /// nothing can be found. The other two are ownMaps and GuestElf::read.
  explicit ImageFinder(std::optional<uint64_t> GuestBase,
                       ReadMaps Maps = ownMaps, ReadElf Elf = GuestElf::read)
      : GuestBase(GuestBase), Maps(std::move(Maps)), Elf(std::move(Elf)) {}

  /// To be called before the block at \p Address is defined. Hands the image
  /// that it lies in to \p Send, once; not if it lies in none. Any thread:
  /// who comes second returns after the first has sent.
  void find(GuestAddr Address,
            const std::function<void(const MappedImage &)> &Send);

  /// To be called before the guest maps or unmaps these \p SizeBytes bytes.
  /// Hands each image that overlaps them to \p Send, without path: from here on
  /// there is nothing in its range.
  void forget(GuestAddr Start, uint64_t SizeBytes,
              const std::function<void(const MappedImage &)> &Send);

  /// All that were sent, in order. Not while another thread finds one.
  std::span<const MappedImage> found() const { return Found; }

  /// Around a fork, so that the child finds it whole and free.
  void lockForFork() { Mutex.lock(); }
  void unlockAfterFork() { Mutex.unlock(); }

private:
  const std::optional<uint64_t> GuestBase;
  const ReadMaps Maps;
  const ReadElf Elf;

  /// Memory whose code is in no file.
  struct Fileless {
    GuestAddr End = 0;
    uint64_t Blocks = 0; ///< Translated here, as far as is remembered.
  };

  std::mutex Mutex;                      ///< Guards all below.
  std::map<GuestAddr, GuestAddr> Known;  ///< End by start; disjoint.
  std::vector<MappedImage> Found;        ///< And sent.
  std::map<GuestAddr, Fileless> Unknown; ///< By start; disjoint.

  /// Receivers refuse more.
  static constexpr size_t MostImages = 65536;
  /// What is remembered of memory without files; beyond, all is forgotten.
  static constexpr size_t MostUnknown = 4096;

  bool isKnown(GuestAddr Address) const;
  bool isToBeAskedFor(GuestAddr Address);
  std::optional<MappedImage> imageIn(const HostMapping &Mapping,
                                     GuestAddr Address) const;
  void addKnown(GuestAddr Start, GuestAddr End);
  void addUnknown(GuestAddr Start, GuestAddr End);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_IMAGEFINDER_H
