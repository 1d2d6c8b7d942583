//===- Diff/DiffJson.cpp - a difference for programs ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/DiffJson.h"
#include "Report/JsonOutput.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace mcad {

static std::string address(GuestAddr Address) {
  return formatv("{0:x}", Address).str();
}

static void writeChange(StringRef Name, const CountChange &C,
                        json::OStream &J) {
  J.attributeObject(Name, [&] {
    J.attribute("before", C.Before);
    J.attribute("after", C.After);
  });
}

static void writeSide(StringRef Name, const ReportSide &S, json::OStream &J) {
  J.attributeObject(Name, [&] {
    J.attribute("program", json::fixUTF8(S.Program));
    J.attribute("triple", json::fixUTF8(S.Triple));
    J.attribute("cpu", json::fixUTF8(S.Cpu));
    J.attribute("features", json::fixUTF8(S.Features));
    J.attribute("version", json::fixUTF8(S.Version));
    J.attribute("engine", json::fixUTF8(S.Engine));
    J.attribute("model", json::fixUTF8(S.Model));
    J.attribute("complete", S.IsComplete);
  });
}

/// The member \p Name: null for a side that is not there.
template <typename Side, typename Writer>
static void writeOptional(StringRef Name, const std::optional<Side> &S,
                          json::OStream &J, Writer Write) {
  if (S)
    J.attributeObject(Name, [&] { Write(*S); });
  else
    J.attribute(Name, nullptr);
}

static void writeFunction(const FunctionChange &F, json::OStream &J) {
  auto side = [&](const FunctionSide &S) {
    J.attribute("address", address(S.Address));
    J.attribute("calls", S.Calls);
    J.attribute("instructions", S.Instructions);
    J.attribute("cycles", totalCycles(S.Self));
    J.attribute("inclusiveCycles", S.InclusiveCycles);
    J.attributeObject("causes", [&] {
      for (unsigned C = 0; C != NumCauses; ++C)
        if (S.Self[C])
          J.attribute(causeName(static_cast<Cause>(C)), S.Self[C]);
    });
  };
  J.object([&] {
    J.attribute("name", json::fixUTF8(F.Name));
    J.attribute("linkName", json::fixUTF8(F.LinkName));
    J.attribute("image", json::fixUTF8(F.Image));
    writeOptional("before", F.Before, J, side);
    writeOptional("after", F.After, J, side);
  });
}

static void writeBlock(const BlockChange &B, const std::vector<uint32_t> &Rows,
                       json::OStream &J) {
  auto side = [&](const BlockSide &S) {
    J.attribute("address", address(S.Address));
    J.attribute("executions", S.Executions);
    J.attribute("cycles", S.Cycles);
  };
  J.object([&] {
    J.attribute("function", Rows[B.Function]);
    J.attribute("numInstructions", B.NumInstructions);
    writeOptional("before", B.Before, J, side);
    writeOptional("after", B.After, J, side);
  });
}

static void writeCode(const CodeChange &C, const std::vector<uint32_t> &Rows,
                      json::OStream &J) {
  auto side = [&](const CodeSide &S) {
    J.attribute("address", address(S.Address));
    J.attribute("text", json::fixUTF8(S.Text));
    J.attribute("executions", S.Executions);
    J.attribute("cycles", S.Cycles);
  };
  J.object([&] {
    J.attribute("function", Rows[C.Function]);
    J.attributeArray("rows", [&] {
      for (const CodeRow &Row : C.Rows)
        J.object([&] {
          J.attribute("same", Row.IsSame);
          writeOptional("before", Row.Before, J, side);
          writeOptional("after", Row.After, J, side);
        });
    });
  });
}

void printDifferenceJson(const Difference &D, raw_ostream &OS) {
  // The numbers of the changed functions, which alone are written.
  std::vector<uint32_t> Rows;
  uint32_t NumRows = 0;
  for (const FunctionChange &F : D.Functions)
    Rows.push_back(F.isChanged() ? NumRows++ : NoIndex);

  JsonOutput Out(OS);
  json::OStream J(Out, /*IndentSize=*/2);
  J.object([&] {
    J.attribute("schemaVersion", DifferenceSchemaVersion);
    J.attribute("tool", "mcad diff");
    writeSide("before", D.Before, J);
    writeSide("after", D.After, J);
    J.attributeArray("remarks", [&] {
      for (const std::string &Remark : D.Remarks)
        J.value(json::fixUTF8(Remark));
    });
    J.attribute("changed", !D.isEmpty());
    J.attribute("hasProfiles", D.HasProfiles);
    writeChange("cycles", D.Cycles, J);
    writeChange("instructions", D.Instructions, J);
    writeChange("microOps", D.MicroOps, J);
    J.attributeObject("ipc", [&] {
      J.attribute("before", D.IpcBefore);
      J.attribute("after", D.IpcAfter);
    });
    J.attributeObject("causes", [&] {
      for (unsigned C = 0; C != NumCauses; ++C)
        if (D.Causes[C].Before || D.Causes[C].After)
          writeChange(causeName(static_cast<Cause>(C)), D.Causes[C], J);
    });
    J.attributeArray("functions", [&] {
      for (const FunctionChange &F : D.Functions)
        if (F.isChanged())
          writeFunction(F, J);
    });
    J.attributeArray("blocks", [&] {
      for (const BlockChange &B : D.Blocks)
        writeBlock(B, Rows, J);
    });
    J.attributeArray("code", [&] {
      for (const CodeChange &C : D.Code)
        writeCode(C, Rows, J);
    });
  });
  Out << '\n';
}

} // namespace mcad
