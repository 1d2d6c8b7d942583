//===- StableVectorTest.cpp - a vector that grows while others read ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/StableVector.h"
#include "gtest/gtest.h"
#include <thread>
#include <vector>

namespace mcad {
namespace {

// Chunks have 256, 512, 1024 elements: some lie at either side of each border.
constexpr uint32_t Count = 5000;

TEST(StableVector, FindsWhatWasAppended) {
  StableVector<uint32_t> V;
  EXPECT_EQ(V.size(), 0u);
  for (uint32_t I = 0; I != Count; ++I) {
    V.push_back(I * 3);
    ASSERT_EQ(V.size(), I + 1);
    ASSERT_EQ(V[I], I * 3);
  }
  for (uint32_t I = 0; I != Count; ++I)
    ASSERT_EQ(V[I], I * 3);
}

TEST(StableVector, NeverMovesAnElement) {
  StableVector<uint32_t> V;
  std::vector<const uint32_t *> Addresses;
  for (uint32_t I = 0; I != Count; ++I) {
    V.push_back(I);
    Addresses.push_back(&V[I]);
  }
  for (uint32_t I = 0; I != Count; ++I)
    ASSERT_EQ(&V[I], Addresses[I]);
}

// For ThreadSanitizer (preset tsan).
TEST(StableVector, IsReadWhileItGrows) {
  StableVector<uint32_t> V;
  std::vector<std::thread> Readers;
  for (int Reader = 0; Reader != 2; ++Reader)
    Readers.emplace_back([&V] {
      for (uint32_t Seen = 0; Seen != Count;) {
        const uint32_t Now = V.size();
        for (; Seen != Now; ++Seen)
          ASSERT_EQ(V[Seen], Seen + 7);
      }
    });
  for (uint32_t I = 0; I != Count; ++I)
    V.push_back(I + 7);
  for (std::thread &Reader : Readers)
    Reader.join();
}

} // namespace
} // namespace mcad
