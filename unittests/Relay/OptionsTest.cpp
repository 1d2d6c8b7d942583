//===- unittests/Relay/OptionsTest.cpp - the relay's options --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Spellings that QEMUs hand over, and each refusal.
///
//===----------------------------------------------------------------------===//
#include "Options.h"
#include <gtest/gtest.h>
#include <initializer_list>

using namespace mcad::qemu;

static Options accepted(std::initializer_list<const char *> Arguments) {
  OrProblem<Options> Parsed = parseOptions(Arguments);
  auto *Wrong = std::get_if<Problem>(&Parsed);
  EXPECT_EQ(Wrong, nullptr) << (Wrong ? Wrong->Text : "");
  return Wrong ? Options() : std::get<Options>(Parsed);
}

static std::string refused(std::initializer_list<const char *> Arguments) {
  OrProblem<Options> Parsed = parseOptions(Arguments);
  auto *Wrong = std::get_if<Problem>(&Parsed);
  EXPECT_NE(Wrong, nullptr);
  return Wrong ? Wrong->Text : "";
}

TEST(Options, DefaultsAreTheBrokers) {
  EXPECT_EQ(accepted({}).endpoint(), "localhost:9487");
}

TEST(Options, TheManualsSpelling) {
  Options Given = accepted({"-addr=127.0.0.1", "-port=1234"});
  EXPECT_EQ(Given.endpoint(), "127.0.0.1:1234");
  EXPECT_FALSE(Given.OnlyMainCode);
  EXPECT_EQ(Given.Given,
            (std::vector<std::string>{"-addr=127.0.0.1", "-port=1234"}));
}

TEST(Options, WithoutDashAsNewerQemusHandOver) {
  Options Given = accepted({"addr=::1", "only-main-code=on", "optional=off"});
  EXPECT_EQ(Given.endpoint(), "[::1]:9487");
  EXPECT_TRUE(Given.OnlyMainCode);
  EXPECT_FALSE(Given.Optional);
}

TEST(Options, BareSwitches) {
  Options Given =
      accepted({"-only-main-code", "-optional", "-infer-state", "-help"});
  EXPECT_TRUE(Given.OnlyMainCode && Given.Optional && Given.InferState &&
              Given.Help);
}

TEST(Options, BracketsOfAnIPv6AddressAreTaken) {
  EXPECT_EQ(accepted({"-addr=[fe80::1]"}).Address, "fe80::1");
}

TEST(Options, UnixSockets) {
  EXPECT_EQ(accepted({"-addr=/run/mcad"}).unixPath(), "/run/mcad");
  EXPECT_EQ(accepted({"-addr=unix:mcad"}).unixPath(), "mcad");
  EXPECT_EQ(accepted({"-addr=unix:/run/mcad"}).endpoint(), "/run/mcad");
  EXPECT_EQ(accepted({"-addr=somewhere"}).unixPath(), "");
}

TEST(Options, RefusalsNameTheOption) {
  EXPECT_EQ(refused({"-adr=x"}),
            "unknown option '-adr=x': -help lists the options");
  EXPECT_EQ(refused({"-port=70000"}),
            "-port: '70000' is no port: give a number from 1 to 65535");
  EXPECT_EQ(refused({"-port=0"}),
            "-port: '0' is no port: give a number from 1 to 65535");
  EXPECT_EQ(refused({"-port=12x"}),
            "-port: '12x' is no port: give a number from 1 to 65535");
  EXPECT_NE(refused({"-addr="}).find("-addr: no address"), std::string::npos);
  EXPECT_NE(refused({"-addr=unix:"}).find("-addr: no address"),
            std::string::npos);
  EXPECT_EQ(refused({"-optional=maybe"}),
            "-optional: 'maybe' is neither on nor off: write -optional=on or "
            "-optional=off");
}

TEST(Options, Endings) {
  EXPECT_FALSE(accepted({}).FollowFork);
  EXPECT_TRUE(accepted({"-follow-fork"}).FollowFork);
  EXPECT_FALSE(accepted({}).StopsOnDisconnect);
  EXPECT_TRUE(accepted({"-on-disconnect=stop"}).StopsOnDisconnect);
  EXPECT_FALSE(accepted({"on-disconnect=continue"}).StopsOnDisconnect);
  EXPECT_EQ(refused({"-on-disconnect=on"}),
            "-on-disconnect: 'on' is neither stop nor continue");
  EXPECT_EQ(accepted({"-patience=7"}).Patience, std::chrono::seconds(7));
  EXPECT_EQ(refused({"-patience=0"}),
            "-patience: '0': give seconds from 1 to 86400");
  EXPECT_EQ(accepted({"-token-file=/a/b"}).TokenFile, "/a/b");
  EXPECT_EQ(refused({"-token-file"}),
            "-token-file: give the path of the file with the token");
}

TEST(Options, HelpNamesEveryOption) {
  for (const char *Name :
       {"-addr", "-port", "-only-main-code", "-optional", "-follow-fork",
        "-on-disconnect", "-patience", "-token-file", "-infer-state", "-help"})
    EXPECT_NE(optionsHelp().find(Name), std::string_view::npos) << Name;
}
