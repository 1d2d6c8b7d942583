//===- DiffJsonTest.cpp - a difference for programs -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/DiffJson.h"
#include "../Report/TextOf.h"
#include "ChangedReport.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &Before, const Report &After) {
  return textOf(printDifferenceJson, compare(Before, After));
}

TEST(DiffJsonTest, HoldsWhatChanged) {
  EXPECT_EQ(cantFail(json::parse(printed(smallReport(), changedReport()))),
            cantFail(json::parse(R"~({
  "schemaVersion": 1,
  "tool": "mcad diff",
  "before": {
    "program": "/bin/prog",
    "triple": "x86_64-unknown-linux-gnu",
    "cpu": "skylake",
    "features": "",
    "version": "1.2.3",
    "engine": "fast",
    "model": "",
    "complete": true
  },
  "after": {
    "program": "/bin/prog-new",
    "triple": "x86_64-unknown-linux-gnu",
    "cpu": "skylake",
    "features": "",
    "version": "1.2.3",
    "engine": "fast",
    "model": "",
    "complete": true
  },
  "remarks": [],
  "changed": true,
  "hasProfiles": true,
  "cycles": {
    "before": 301,
    "after": 114
  },
  "instructions": {
    "before": 49,
    "after": 51
  },
  "microOps": {
    "before": 60,
    "after": 60
  },
  "ipc": {
    "before": 0.16279069767441862,
    "after": 0.44736842105263158
  },
  "causes": {
    "issue": {
      "before": 42,
      "after": 45
    },
    "memory": {
      "before": 50,
      "after": 50
    },
    "fetch-miss": {
      "before": 8,
      "after": 8
    },
    "latency": {
      "before": 200,
      "after": 10
    },
    "other": {
      "before": 1,
      "after": 1
    }
  },
  "functions": [
    {
      "name": "twice(int)",
      "linkName": "_Z5twicei",
      "image": "prog-new",
      "before": {
        "address": "0x1010",
        "calls": 10,
        "instructions": 30,
        "cycles": 225,
        "inclusiveCycles": 225,
        "causes": {
          "issue": 25,
          "latency": 200
        }
      },
      "after": {
        "address": "0x11010",
        "calls": 10,
        "instructions": 30,
        "cycles": 35,
        "inclusiveCycles": 35,
        "causes": {
          "issue": 25,
          "latency": 10
        }
      }
    },
    {
      "name": "copier",
      "linkName": "copier",
      "image": "prog-new",
      "before": null,
      "after": {
        "address": "0x18000",
        "calls": 2,
        "instructions": 2,
        "cycles": 3,
        "inclusiveCycles": 57,
        "causes": {
          "issue": 3
        }
      }
    }
  ],
  "blocks": [
    {
      "function": 0,
      "numInstructions": 3,
      "before": {
        "address": "0x1010",
        "executions": 10,
        "cycles": 225
      },
      "after": null
    },
    {
      "function": 0,
      "numInstructions": 3,
      "before": null,
      "after": {
        "address": "0x11010",
        "executions": 10,
        "cycles": 35
      }
    },
    {
      "function": 1,
      "numInstructions": 1,
      "before": null,
      "after": {
        "address": "0x18000",
        "executions": 2,
        "cycles": 3
      }
    }
  ],
  "code": [
    {
      "function": 0,
      "rows": [
        {
          "same": true,
          "before": {
            "address": "0x1010",
            "text": "leal\t(%rdi,%rdi), %eax",
            "executions": 10,
            "cycles": 5
          },
          "after": {
            "address": "0x11010",
            "text": "leal\t(%rdi,%rdi), %eax",
            "executions": 10,
            "cycles": 5
          }
        },
        {
          "same": false,
          "before": {
            "address": "0x1013",
            "text": "idivl\t%esi",
            "executions": 10,
            "cycles": 210
          },
          "after": {
            "address": "0x11013",
            "text": "sarl\t%eax",
            "executions": 10,
            "cycles": 20
          }
        },
        {
          "same": true,
          "before": {
            "address": "0x1015",
            "text": "retq",
            "executions": 10,
            "cycles": 10
          },
          "after": {
            "address": "0x11015",
            "text": "retq",
            "executions": 10,
            "cycles": 10
          }
        }
      ]
    }
  ]
}
)~")));
}

TEST(DiffJsonTest, SaysThatNothingChanged) {
  const json::Value Json =
      cantFail(json::parse(printed(smallReport(), smallReport())));
  EXPECT_EQ(Json.getAsObject()->getBoolean("changed"), false);
  EXPECT_TRUE(Json.getAsObject()->getArray("functions")->empty());
}

TEST(DiffJsonTest, IsValidWhateverAFunctionIsCalled) {
  Report After = changedReport();
  After.Traces[0].Attribution->Functions[1].Name = "\xff\"\n";
  EXPECT_TRUE(bool(json::isUTF8(printed(smallReport(), After))));
  cantFail(json::parse(printed(smallReport(), After)));
}

} // namespace
} // namespace mcad
