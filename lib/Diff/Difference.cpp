//===- Diff/Difference.cpp - what changed between two reports -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Difference.h"
#include "Diff/Alignment.h"
#include "Diff/MatchFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include <limits>

using namespace llvm;

namespace mcad {

double CountChange::percent() const {
  if (!isChanged())
    return 0;
  const double Most = std::numeric_limits<double>::infinity();
  return Before ? 100.0 * (double(After) - double(Before)) / double(Before)
                : Most;
}

bool FunctionChange::isChanged() const {
  if (!Before || !After)
    return true;
  return Before->Calls != After->Calls ||
         Before->Instructions != After->Instructions ||
         Before->Self != After->Self;
}

bool Difference::isEmpty() const {
  return !Cycles.isChanged() && !Instructions.isChanged() &&
         !MicroOps.isChanged() &&
         none_of(Causes, [](const CountChange &C) { return C.isChanged(); }) &&
         none_of(Functions,
                 [](const FunctionChange &F) { return F.isChanged(); });
}

static ReportSide sideOf(const Report &R) {
  ReportSide Side;
  for (const TraceReport &T : R.Traces)
    if (!T.Description.BinaryPath.empty()) {
      Side.Program = T.Description.BinaryPath;
      break;
    }
  Side.Triple = R.Triple;
  Side.Cpu = R.Cpu;
  Side.Features = R.Features;
  Side.Version = R.Version;
  Side.Engine = R.Engine;
  Side.Model = R.Surroundings ? R.Surroundings->Name : "";
  Side.IsComplete = R.isComplete();
  return Side;
}

/// Whether any value of the model differs.
static bool hasSameValues(const Report &A, const Report &B) {
  if (!A.Surroundings || !B.Surroundings)
    return true; // The models' names differ then.
  const auto &Left = A.Surroundings->Values, &Right = B.Surroundings->Values;
  return std::equal(Left.begin(), Left.end(), Right.begin(), Right.end(),
                    [](const auto &V, const auto &W) {
                      return V.Key == W.Key && V.Text == W.Text;
                    });
}

static std::vector<std::string>
remarks(const Report &Before, const Report &After, const Difference &D) {
  std::vector<std::string> Result;
  auto differ = [&](StringRef What, StringRef A, StringRef B) {
    if (A != B)
      Result.push_back((What + " is another: " + (A.empty() ? "none" : A) +
                        " before, " + (B.empty() ? "none" : B) + " after")
                           .str());
  };
  differ("the target", D.Before.Triple, D.After.Triple);
  differ("the CPU", D.Before.Cpu, D.After.Cpu);
  differ("the set of features", D.Before.Features, D.After.Features);
  differ("the model around the core", D.Before.Model, D.After.Model);
  differ("the version of MCAD", D.Before.Version, D.After.Version);
  if (D.Before.Engine != D.After.Engine &&
      (D.Before.Engine == "none" || D.After.Engine == "none"))
    Result.push_back("one of the reports was not timed: its cycles are 0");
  if (D.Before.Model == D.After.Model && !hasSameValues(Before, After))
    Result.push_back("values of the model around the core differ");
  if (!D.Before.IsComplete)
    Result.push_back("the report before is not complete");
  if (!D.After.IsComplete)
    Result.push_back("the report after is not complete");
  if (Before.Traces.size() != After.Traces.size())
    Result.push_back(
        "before there are " + std::to_string(Before.Traces.size()) +
        " traces, after there are " + std::to_string(After.Traces.size()));
  return Result;
}

static bool hasProfile(const Report &R) {
  return any_of(R.Traces, [](const TraceReport &T) { return T.saysWhoPays(); });
}

static FunctionSide sideOf(const ComparedFunction &F) {
  return {F.Address, F.Calls, F.Instructions, F.InclusiveCycles, F.Self};
}

static BlockSide sideOf(const ComparedFunction::Block &B) {
  return {B.Address, B.Executions, B.Cycles};
}

static CodeSide sideOf(const ComparedFunction::Row &R) {
  return {R.Address, R.Text, R.Executions, R.Cycles};
}

namespace {

/// One function of the difference and where it is from.
struct Matched {
  const ComparedFunction *Before = nullptr, *After = nullptr;

  FunctionChange change() const {
    const ComparedFunction &Named = After ? *After : *Before;
    FunctionChange F;
    F.Name = Named.Name;
    F.LinkName = Named.LinkName;
    F.Image = Named.Image;
    if (Before)
      F.Before = sideOf(*Before);
    if (After)
      F.After = sideOf(*After);
    return F;
  }
};

} // namespace

static void compareBlocks(const Matched &M, uint32_t Function, Difference &D) {
  static const ComparedFunction None;
  const ComparedFunction &Before = M.Before ? *M.Before : None;
  const ComparedFunction &After = M.After ? *M.After : None;
  std::vector<bool> BeforeTaken(Before.Blocks.size());
  std::vector<bool> AfterTaken(After.Blocks.size());
  for (const auto &[I, J] : matchBlocks(Before, After)) {
    const ComparedFunction::Block &A = Before.Blocks[I], &B = After.Blocks[J];
    BeforeTaken[I] = AfterTaken[J] = true;
    if (A.Cycles != B.Cycles || A.Executions != B.Executions)
      D.Blocks.push_back({Function, B.NumInstructions, sideOf(A), sideOf(B)});
  }
  for (size_t I = 0; I != Before.Blocks.size(); ++I)
    if (!BeforeTaken[I])
      D.Blocks.push_back({Function, Before.Blocks[I].NumInstructions,
                          sideOf(Before.Blocks[I]), std::nullopt});
  for (size_t I = 0; I != After.Blocks.size(); ++I)
    if (!AfterTaken[I])
      D.Blocks.push_back({Function, After.Blocks[I].NumInstructions,
                          std::nullopt, sideOf(After.Blocks[I])});
}

/// The code of both side by side.
static std::vector<CodeRow> compareCode(const ComparedFunction &Before,
                                        const ComparedFunction &After) {
  auto keysOf = [](const ComparedFunction &F) {
    std::vector<std::string> Keys;
    for (const ComparedFunction::Row &Row : F.Code)
      Keys.push_back(Row.Key);
    return Keys;
  };
  std::vector<CodeRow> Rows;
  size_t I = 0, J = 0;
  // What is between two that are the same took each other's place, as far as
  // both sides have something.
  auto upTo = [&](size_t I2, size_t J2) {
    while (I != I2 || J != J2) {
      CodeRow &Row = Rows.emplace_back();
      if (I != I2)
        Row.Before = sideOf(Before.Code[I++]);
      if (J != J2)
        Row.After = sideOf(After.Code[J++]);
    }
  };
  for (const auto &[I2, J2] : alignSequences(keysOf(Before), keysOf(After))) {
    upTo(I2, J2);
    Rows.push_back({sideOf(Before.Code[I++]), sideOf(After.Code[J++]), true});
  }
  upTo(Before.Code.size(), After.Code.size());
  return Rows;
}

static void compareProfiles(const Report &Before, const Report &After,
                            Difference &D) {
  const std::vector<ComparedFunction> Left = comparedFunctions(Before);
  const std::vector<ComparedFunction> Right = comparedFunctions(After);
  std::vector<bool> LeftTaken(Left.size()), RightTaken(Right.size());
  std::vector<std::pair<FunctionChange, Matched>> All;
  auto add = [&](Matched M) { All.emplace_back(M.change(), M); };
  for (const auto &[I, J] : matchFunctions(Left, Right)) {
    LeftTaken[I] = RightTaken[J] = true;
    add({&Left[I], &Right[J]});
  }
  for (size_t I = 0; I != Left.size(); ++I)
    if (!LeftTaken[I])
      add({&Left[I], nullptr});
  for (size_t I = 0; I != Right.size(); ++I)
    if (!RightTaken[I])
      add({nullptr, &Right[I]});
  llvm::stable_sort(All, [](const auto &A, const auto &B) {
    const uint64_t M = A.first.cycles().magnitude();
    const uint64_t N = B.first.cycles().magnitude();
    return M != N ? M > N
                  : std::tie(A.first.Name, A.first.Image) <
                        std::tie(B.first.Name, B.first.Image);
  });
  for (uint32_t F = 0; F != All.size(); ++F) {
    const auto &[Change, M] = All[F];
    D.Functions.push_back(Change);
    for (unsigned C = 0; C != NumCauses; ++C) {
      D.Causes[C].Before += Change.Before ? Change.Before->Self[C] : 0;
      D.Causes[C].After += Change.After ? Change.After->Self[C] : 0;
    }
    if (!Change.isChanged())
      continue;
    compareBlocks(M, F, D);
    if (M.Before && M.After && D.Code.size() != TopCode)
      D.Code.push_back({F, compareCode(*M.Before, *M.After)});
  }
  llvm::stable_sort(D.Blocks, [](const BlockChange &A, const BlockChange &B) {
    return A.cycles().magnitude() > B.cycles().magnitude();
  });
}

Difference compare(const Report &Before, const Report &After) {
  Difference D;
  D.Before = sideOf(Before);
  D.After = sideOf(After);
  D.Remarks = remarks(Before, After, D);
  for (const TraceReport &T : Before.Traces) {
    D.Cycles.Before += T.Total.Cycles;
    D.Instructions.Before += T.Total.Instructions;
    D.MicroOps.Before += T.Total.MicroOps;
  }
  for (const TraceReport &T : After.Traces) {
    D.Cycles.After += T.Total.Cycles;
    D.Instructions.After += T.Total.Instructions;
    D.MicroOps.After += T.Total.MicroOps;
  }
  auto ipc = [](uint64_t Instructions, uint64_t Cycles) {
    return Cycles ? double(Instructions) / double(Cycles) : 0;
  };
  D.IpcBefore = ipc(D.Instructions.Before, D.Cycles.Before);
  D.IpcAfter = ipc(D.Instructions.After, D.Cycles.After);
  D.HasProfiles = hasProfile(Before) && hasProfile(After);
  if (D.HasProfiles)
    compareProfiles(Before, After, D);
  return D;
}

} // namespace mcad
