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
  AccessSite Site(5);
  EXPECT_FALSE(AccessSite::holds(Site.known(), 0));
  EXPECT_FALSE(AccessSite::holds(Site.known(), 0x10003));
}

TEST(AccessSite, LearnsAndRelearns) {
  AccessSite Site(511);
  EXPECT_EQ(Site.learn(0x10003, 3, false), 3u << event::SizeShift | 511u);
  EXPECT_TRUE(AccessSite::holds(Site.known(), 0x10003));
  EXPECT_EQ(AccessSite::tag(Site.known()), 3u << event::SizeShift | 511u);
  EXPECT_EQ(Site.learn(0x20000, 0, true), event::StoreBit | 511u);
  EXPECT_FALSE(AccessSite::holds(Site.known(), 0x10003));
  EXPECT_EQ(AccessSite::tag(Site.known()), event::StoreBit | 511u);
}
