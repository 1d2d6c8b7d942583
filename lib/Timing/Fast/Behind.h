//===- Timing/Fast/Behind.h - an object and its arrays in one piece ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Arrays that lie right behind the object that has them. What a program's
/// instructions compile to is more than a cache holds: an instruction should
/// be one or two of its lines.
///
/// Tested by unittests/Timing/BehindTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_BEHIND_H
#define MCAD_TIMING_FAST_BEHIND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"
#include <cassert>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace mcad::fast {

/// An array behind the object that this is a member of. It stays where it is.
template <typename Element> class Behind {
  uint16_t OffsetBytes = 0; ///< From here.
  uint16_t Size = 0;
  friend class Placement;

public:
  Behind() = default;
  Behind(const Behind &) = delete;
  Behind &operator=(const Behind &) = delete;

  size_t size() const { return Size; }
  bool empty() const { return !Size; }
  const Element *begin() const {
    return reinterpret_cast<const Element *>(
        reinterpret_cast<const char *>(this) + OffsetBytes);
  }
  const Element *end() const { return begin() + Size; }
  const Element &operator[](size_t I) const {
    assert(I < Size && "no such element");
    return begin()[I];
  }
  /// Calls \p Visit for each. Most arrays are empty, and here that is one test.
  template <typename Visitor> void forEach(Visitor Visit) const {
    if (empty())
      return;
    for (const Element &E : *this)
      Visit(E);
  }
  operator llvm::ArrayRef<Element>() const { return {begin(), Size}; }
};

/// Makes one object and its arrays. They live as long as the allocator.
class Placement {
  static constexpr size_t LineBytes = 64;
  char *Next = nullptr;
  const char *End = nullptr;

public:
  /// The room that an array of \p Size elements may take.
  template <typename Element> static size_t bytes(size_t Size) {
    return Size ? Size * sizeof(Element) + alignof(Element) - 1 : 0;
  }

  /// An object at the start of a cache line, with room for \p BytesBehind.
  template <typename Object, typename... Arguments>
  Object *make(llvm::BumpPtrAllocator &Memory, size_t BytesBehind,
               const Arguments &...With) {
    const size_t Bytes = sizeof(Object) + BytesBehind;
    char *const First =
        static_cast<char *>(Memory.Allocate(Bytes, llvm::Align(LineBytes)));
    Next = First + sizeof(Object);
    End = First + Bytes;
    return new (First) Object(With...);
  }

  /// Puts \p Size elements behind all that is there, for \p Make(Index, There)
  /// to make; \p Where is a member of the object, or of an element behind it.
  template <typename Element, typename Function>
  void put(Behind<Element> &Where, size_t Size, Function Make) {
    static_assert(std::is_trivially_destructible_v<Element>);
    if (!Size)
      return;
    Next = reinterpret_cast<char *>(
        llvm::alignAddr(Next, llvm::Align(alignof(Element))));
    assert(Next + Size * sizeof(Element) <= End && "no room was asked for");
    const ptrdiff_t Offset = Next - reinterpret_cast<char *>(&Where);
    assert(Offset > 0 && Offset <= UINT16_MAX && Size <= UINT16_MAX);
    Where.OffsetBytes = Offset;
    Where.Size = Size;
    for (size_t I = 0; I != Size; ++I, Next += sizeof(Element))
      Make(I, new (Next) Element);
  }
  template <typename Element>
  void put(Behind<Element> &Where, llvm::ArrayRef<Element> Elements) {
    put(Where, Elements.size(),
        [&](size_t I, Element *There) { *There = Elements[I]; });
  }
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_BEHIND_H
