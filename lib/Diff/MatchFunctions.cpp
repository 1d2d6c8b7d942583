//===- Diff/MatchFunctions.cpp - the same function in two reports ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/MatchFunctions.h"
#include "Diff/CodeText.h"
#include "Report/ProfileIndex.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace mcad {

using Functions = std::vector<ComparedFunction>;
using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

//===--- what there is to match -------------------------------------------===//

namespace {

/// Takes in one trace after the other.
class FunctionTable {
  Functions Result;
  /// Traces of one program have the same functions at the same addresses,
  /// unless they were loaded elsewhere.
  std::map<std::tuple<std::string, std::string, GuestAddr>, uint32_t> Known;

  /// The row of function \p F of \p P; NoIndex is "[unknown]".
  uint32_t row(const Profile &P, uint32_t F, StringRef MainPath) {
    const StringRef Path = imagePath(P, F);
    const GuestAddr Address = F == NoIndex ? 0 : P.Functions[F].Address;
    std::string Name = functionName(P, F);
    GuestAddr InFile = Address;
    if (F != NoIndex && P.Functions[F].Image != NoIndex)
      InFile -= P.Images[P.Functions[F].Image].LoadBias;
    const auto [At, IsNew] =
        Known.try_emplace({Path.str(), Name, InFile}, Result.size());
    if (IsNew) {
      ComparedFunction &New = Result.emplace_back();
      New.LinkName = F == NoIndex ? "" : P.Functions[F].LinkName;
      New.Name = std::move(Name);
      New.Image = sys::path::filename(Path).str();
      New.IsInMain = !Path.empty() && Path == MainPath;
      New.Address = Address;
    }
    return At->second;
  }

public:
  void add(const Profile &P, StringRef MainPath) {
    const CodeRanges Code(P);
    const ProfileIndex Index(P);
    auto addCode = [&](uint32_t F, ComparedFunction &To) {
      for (const uint32_t I : Index.instructionsOf(F)) {
        const InstructionReport &Row = P.Instructions[I];
        To.Code.push_back({Row.Address, Row.Text,
                           textWithoutAddresses(Row.Text, Code), Row.Executions,
                           totalCycles(Row.Cycles)});
      }
    };
    std::vector<uint32_t> RowOf;
    for (uint32_t F = 0; F != P.Functions.size(); ++F) {
      const FunctionReport &From = P.Functions[F];
      RowOf.push_back(row(P, F, MainPath));
      ComparedFunction &To = Result[RowOf.back()];
      To.Calls += From.Calls;
      To.Instructions += From.Instructions;
      To.InclusiveCycles += From.InclusiveCycles;
      addCycles(To.Self, From.Self);
      addCode(F, To);
    }
    for (const BlockReport &B : P.Blocks)
      if (B.Function != NoIndex)
        Result[RowOf[B.Function]].Blocks.push_back(
            {B.Address, B.NumInstructions, blockKey(P, B, Code), B.Executions,
             totalCycles(B.Cycles)});
  }

  Functions take() { return std::move(Result); }

private:
  /// From the first one on those whose addresses follow each other.
  static std::string blockKey(const Profile &P, const BlockReport &B,
                              const CodeRanges &Code) {
    std::string Key;
    GuestAddr Address = B.Address;
    uint32_t Found = 0;
    for (size_t I = B.FirstInstruction;
         Found != B.NumInstructions && I < P.Instructions.size() &&
         P.Instructions[I].Address <= Address;
         ++I) {
      const InstructionReport &Row = P.Instructions[I];
      if (Row.Address != Address)
        continue;
      Key += textWithoutAddresses(Row.Text, Code) + '\n';
      Address += std::max<size_t>(Row.Bytes.size(), 1);
      ++Found;
    }
    return Key;
  }
};

/// Two traces of one program each had a row for the same instruction.
void joinSameAddresses(ComparedFunction &F) {
  llvm::stable_sort(F.Code, [](const auto &A, const auto &B) {
    return A.Address < B.Address;
  });
  std::vector<ComparedFunction::Row> Joined;
  for (ComparedFunction::Row &Row : F.Code) {
    if (!Joined.empty() && Joined.back().Address == Row.Address &&
        Joined.back().Text == Row.Text) {
      Joined.back().Executions += Row.Executions;
      Joined.back().Cycles += Row.Cycles;
    } else {
      Joined.push_back(std::move(Row));
    }
  }
  F.Code = std::move(Joined);
  llvm::stable_sort(F.Blocks, [](const auto &A, const auto &B) {
    return A.Address < B.Address;
  });
}

} // namespace

Functions comparedFunctions(const Report &R) {
  FunctionTable Table;
  for (const TraceReport &T : R.Traces)
    if (T.Attribution)
      Table.add(*T.Attribution, T.Description.BinaryPath);
  Functions Result = Table.take();
  for (ComparedFunction &F : Result)
    joinSameAddresses(F);
  return Result;
}

//===--- matching ---------------------------------------------------------===//

namespace {

class Matcher {
  const Functions &Before, &After;
  std::vector<bool> BeforeTaken, AfterTaken;
  Pairs Result;

public:
  Matcher(const Functions &Before, const Functions &After)
      : Before(Before), After(After), BeforeTaken(Before.size()),
        AfterTaken(After.size()) {}

  enum class If : uint8_t { InOrder, Unambiguous };

  /// Matches those that are left and have the same key, which is not empty: the
  /// first with the first, or only where each side has one.
  template <typename Function> void match(Function KeyOf, If When) {
    std::map<std::string,
             std::pair<std::vector<uint32_t>, std::vector<uint32_t>>>
        OfKey;
    for (uint32_t I = 0; I != Before.size(); ++I)
      if (!BeforeTaken[I])
        OfKey[KeyOf(Before[I])].first.push_back(I);
    for (uint32_t I = 0; I != After.size(); ++I)
      if (!AfterTaken[I])
        OfKey[KeyOf(After[I])].second.push_back(I);
    for (const auto &[Key, Rows] : OfKey) {
      const auto &[Left, Right] = Rows;
      if (Key.empty() ||
          (When == If::Unambiguous && (Left.size() != 1 || Right.size() != 1)))
        continue;
      for (size_t I = 0; I != std::min(Left.size(), Right.size()); ++I) {
        BeforeTaken[Left[I]] = AfterTaken[Right[I]] = true;
        Result.emplace_back(Left[I], Right[I]);
      }
    }
  }
  Pairs take() { return std::move(Result); }
};

std::string linkName(const ComparedFunction &F) {
  return F.LinkName.empty() ? F.Name : F.LinkName;
}

std::string content(const ComparedFunction &F) {
  std::string Key;
  for (const ComparedFunction::Row &Row : F.Code)
    Key += Row.Key + '\n';
  return Key;
}

} // namespace

Pairs matchFunctions(const Functions &Before, const Functions &After) {
  Matcher M(Before, After);
  // A name that is an address says nothing of another build.
  auto isNamed = [](const ComparedFunction &F) {
    return !StringRef(linkName(F)).starts_with("0x");
  };
  M.match(
      [&](const ComparedFunction &F) {
        return isNamed(F) ? linkName(F) + '\n' + (F.IsInMain ? "" : F.Image)
                          : "";
      },
      Matcher::If::InOrder);
  M.match(
      [&](const ComparedFunction &F) { return isNamed(F) ? linkName(F) : ""; },
      Matcher::If::Unambiguous);
  M.match(content, Matcher::If::Unambiguous);
  M.match([](const ComparedFunction &F) { return F.Image + '\n' + F.Name; },
          Matcher::If::Unambiguous);
  return M.take();
}

Pairs matchBlocks(const ComparedFunction &Before,
                  const ComparedFunction &After) {
  std::map<StringRef, std::vector<uint32_t>> OfKey;
  for (uint32_t I = 0; I != Before.Blocks.size(); ++I)
    OfKey[Before.Blocks[I].Key].push_back(I);
  std::map<StringRef, size_t> Taken;
  Pairs Result;
  for (uint32_t I = 0; I != After.Blocks.size(); ++I) {
    const auto At = OfKey.find(After.Blocks[I].Key);
    if (At == OfKey.end())
      continue;
    size_t &Next = Taken[At->first];
    if (Next != At->second.size())
      Result.emplace_back(At->second[Next++], I);
  }
  return Result;
}

} // namespace mcad
