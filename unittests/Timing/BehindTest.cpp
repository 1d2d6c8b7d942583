//===- BehindTest.cpp - an object and its arrays in one piece ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/Behind.h"
#include "llvm/ADT/SmallVector.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::fast;

namespace {

struct Part {
  uint8_t Name = 0;
  Behind<uint32_t> Numbers;
};

struct Object {
  Behind<uint8_t> Bytes;
  Behind<uint64_t> Words;
  Behind<Part> Parts;
  uint16_t Name;

  explicit Object(uint16_t Name) : Name(Name) {}
};

TEST(BehindTest, AllIsWhereItWasPut) {
  BumpPtrAllocator Memory;
  // Arrays of every size, so that each alignment comes at each place.
  for (unsigned Size = 0; Size != 20; ++Size) {
    SmallVector<uint8_t, 0> Bytes;
    SmallVector<uint64_t, 0> Words;
    SmallVector<uint32_t, 0> Numbers;
    for (unsigned I = 0; I != Size; ++I) {
      Bytes.push_back(I);
      Words.push_back(~uint64_t(I));
      Numbers.push_back(I << 16);
    }
    Placement Place;
    auto *O = Place.make<Object>(
        Memory,
        Placement::bytes<uint8_t>(Size) + Placement::bytes<uint64_t>(Size) +
            Placement::bytes<Part>(2) + Placement::bytes<uint32_t>(Size),
        uint16_t(4711));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(O) % 64, 0u);
    Place.put(O->Bytes, ArrayRef(Bytes));
    Place.put(O->Words, ArrayRef(Words));
    Part *Second = nullptr;
    Place.put(O->Parts, 2, [&](size_t I, Part *P) {
      P->Name = I + 1;
      Second = P;
    });
    Place.put(Second->Numbers, ArrayRef(Numbers));

    EXPECT_EQ(O->Name, 4711);
    EXPECT_EQ(ArrayRef<uint8_t>(O->Bytes), ArrayRef(Bytes));
    EXPECT_EQ(ArrayRef<uint64_t>(O->Words), ArrayRef(Words));
    EXPECT_TRUE(O->Words.empty() ||
                reinterpret_cast<uintptr_t>(O->Words.begin()) % 8 == 0);
    ASSERT_EQ(O->Parts.size(), 2u);
    EXPECT_EQ(O->Parts[0].Name, 1);
    EXPECT_TRUE(O->Parts[0].Numbers.empty());
    EXPECT_EQ(O->Parts[1].Name, 2);
    EXPECT_EQ(ArrayRef<uint32_t>(O->Parts[1].Numbers), ArrayRef(Numbers));
  }
}

} // namespace
