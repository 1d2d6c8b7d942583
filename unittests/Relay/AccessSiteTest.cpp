//===- unittests/Relay/AccessSiteTest.cpp - an access site's memory -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A site keeps the tag of the last way of access, and its instruction.
///
//===----------------------------------------------------------------------===//
#include "AccessSite.h"
#include <gtest/gtest.h>

using namespace mcad;
using mcad::qemu::AccessSite;

TEST(AccessSite, KnowsNothingAtFirst) {
  AccessSite Site(BlockId(1), 5);
  const uint64_t Mark = AccessSite::blockMark(BlockId(1));
  EXPECT_TRUE(AccessSite::isOf(Site.known(), Mark));
  EXPECT_FALSE(AccessSite::holds(Site.known(), Mark, 0));
  EXPECT_FALSE(AccessSite::holds(Site.known(), Mark, 0x10003));
}

TEST(AccessSite, KeepsAndReplaces) {
  AccessSite Site(BlockId(0x1fffe), 511);
  const uint64_t Mark = AccessSite::blockMark(BlockId(0x1fffe));
  const uint64_t Load =
      AccessSite::retag(AccessSite::tag(Site.known()), 3, false);
  EXPECT_EQ(Load, event::AccessBit | 3u << event::SizeShift | 511u);
  Site.keep(0x10003, Load | event::HighBit);
  EXPECT_TRUE(AccessSite::holds(Site.known(), Mark, 0x10003));
  EXPECT_EQ(AccessSite::tag(Site.known()), Load | event::HighBit);
  // An access of another kind most likely goes to the same place.
  const uint64_t Store =
      AccessSite::retag(AccessSite::tag(Site.known()), 0, true);
  EXPECT_EQ(Store, event::AccessBit | event::StoreBit | event::HighBit | 511u);
  Site.keep(0x20000, Store);
  EXPECT_FALSE(AccessSite::holds(Site.known(), Mark, 0x10003));
  EXPECT_TRUE(AccessSite::holds(Site.known(), Mark, 0x20000));
  EXPECT_EQ(AccessSite::tag(Site.known()), Store);
}

TEST(AccessSite, IsOfOneBlock) {
  AccessSite Site(BlockId(0x1fffe), 511);
  Site.keep(0x10003, 0xffff);
  const uint64_t Other = AccessSite::blockMark(BlockId(0x1fffd));
  EXPECT_TRUE(
      AccessSite::isOf(Site.known(), AccessSite::blockMark(BlockId(0x1fffe))));
  EXPECT_FALSE(AccessSite::isOf(Site.known(), Other));
  EXPECT_FALSE(AccessSite::holds(Site.known(), Other, 0x10003));
}
