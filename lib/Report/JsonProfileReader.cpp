//===- Report/JsonProfileReader.cpp - a profile from JSON -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonProfile.h"
#include "Report/ProfileTables.h"

using namespace llvm;

namespace mcad {
namespace {

std::optional<Cause> causeFromName(StringRef Name) {
  for (unsigned I = 0; I != NumCauses; ++I)
    if (causeName(static_cast<Cause>(I)) == Name)
      return static_cast<Cause>(I);
  return std::nullopt;
}

/// ["issue", 12, "memory", 300]; false if it is nothing of the kind.
bool readCauses(const json::Array *A, CausedCycles &Cycles) {
  if (!A || A->size() % 2)
    return false;
  for (size_t I = 0; I != A->size(); I += 2) {
    const std::optional<StringRef> Name = (*A)[I].getAsString();
    const std::optional<Cause> Why = Name ? causeFromName(*Name) : std::nullopt;
    const std::optional<uint64_t> N = jsonCount((*A)[I + 1]);
    if (!Why || !N)
      return false;
    Cycles[static_cast<unsigned>(*Why)] = *N;
  }
  return true;
}

/// Numbers in groups of \p Group; false if it is nothing of the kind.
bool readNumbers(const json::Array *A, size_t Group,
                 std::vector<uint64_t> &Numbers) {
  if (!A || A->size() % Group)
    return false;
  for (const json::Value &Element : *A) {
    const std::optional<uint64_t> N = jsonCount(Element);
    if (!N)
      return false;
    Numbers.push_back(*N);
  }
  return true;
}

/// Reads the columns of one row, in order. Keeps the first that is wrong.
class RowReader {
  const Profile &P;
  const json::Array &Row;
  size_t RowIndex;
  size_t Column = 0;

  template <typename T>
  void take(StringRef Name, const std::optional<T> &Value, T &To,
            StringRef Wanted) {
    ++Column;
    if (Value)
      To = *Value;
    else
      refuse(Name, Wanted);
  }
  void refuse(StringRef Name, const Twine &Wanted) {
    if (Problem.empty())
      Problem = (Name + ": " + Wanted + " is wanted").str();
  }
  const json::Value &value() const { return Row[Column]; }

  /// Contexts refer to those before them only; all others to tables that are
  /// there already.
  size_t sizeOf(ProfileTable Table) const {
    switch (Table) {
    case ProfileTable::Images:
      return P.Images.size();
    case ProfileTable::Functions:
      return P.Functions.size();
    case ProfileTable::Places:
      return P.Places.size();
    case ProfileTable::Instructions:
      return P.Instructions.size();
    case ProfileTable::Contexts:
      return RowIndex;
    }
    return 0;
  }

public:
  std::string Problem;

  RowReader(const Profile &P, const json::Array &Row, size_t RowIndex)
      : P(P), Row(Row), RowIndex(RowIndex) {}

  void text(StringRef Name, std::string &To) {
    std::optional<std::string> Text;
    if (const std::optional<StringRef> S = value().getAsString())
      Text = S->str();
    take(Name, Text, To, "a string");
  }
  void address(StringRef Name, GuestAddr &To) {
    take(Name, jsonAddress(value()), To, "an address, \"0x...\",");
  }
  void count(StringRef Name, uint64_t &To) {
    take(Name, jsonCount(value()), To, "a count");
  }
  void count32(StringRef Name, uint32_t &To) {
    uint64_t Wide = 0;
    take(Name, jsonCount(value()), Wide, "a count");
    if (Wide > UINT32_MAX)
      refuse(Name, "a count below 2^32");
    To = static_cast<uint32_t>(Wide);
  }
  void bytes(StringRef Name, std::vector<uint8_t> &To) {
    take(Name, jsonBytes(value()), To, "bytes, two hexadecimal digits each,");
  }
  void causes(StringRef Name, CausedCycles &To) {
    if (!readCauses(value().getAsArray(), To))
      refuse(Name, "[cause, cycles, ...]");
    ++Column;
  }
  void index(StringRef Name, uint32_t &To, ProfileTable Table) {
    const json::Value &V = value();
    ++Column;
    const std::optional<uint64_t> N = jsonCount(V);
    if (N && *N < sizeOf(Table))
      To = static_cast<uint32_t>(*N);
    else if (V.kind() == json::Value::Null)
      To = NoIndex;
    else
      refuse(Name, "null or an index below " + Twine(sizeOf(Table)));
  }
  void buckets(StringRef Name, std::vector<RegionReport::Bucket> &To) {
    std::vector<uint64_t> Numbers;
    if (readNumbers(value().getAsArray(), 3, Numbers))
      for (size_t I = 0; I != Numbers.size(); I += 3)
        To.push_back({Numbers[I], Numbers[I + 1], Numbers[I + 2]});
    else
      refuse(Name, "[from, to, entries, ...]");
    ++Column;
  }
};

/// Holds the names of the columns against those of the file.
class ColumnChecker {
  const json::Array &Names;

public:
  size_t NumColumns = 0;
  std::string Problem;

  explicit ColumnChecker(const json::Array &Names) : Names(Names) {}

  void check(StringRef Name) {
    if (Problem.empty() &&
        (NumColumns == Names.size() || Names[NumColumns].getAsString() != Name))
      Problem = (Name + " is wanted as column " + Twine(NumColumns)).str();
    ++NumColumns;
  }
  template <typename T> void text(StringRef Name, T &) { check(Name); }
  template <typename T> void address(StringRef Name, T &) { check(Name); }
  template <typename T> void count(StringRef Name, T &) { check(Name); }
  template <typename T> void count32(StringRef Name, T &) { check(Name); }
  template <typename T> void bytes(StringRef Name, T &) { check(Name); }
  template <typename T> void causes(StringRef Name, T &) { check(Name); }
  template <typename T> void buckets(StringRef Name, T &) { check(Name); }
  template <typename T> void index(StringRef Name, T &, ProfileTable) {
    check(Name);
  }
};

template <typename RowType>
void readTable(JsonField Table, const Profile &P, std::vector<RowType> &Rows) {
  ColumnChecker Checker(Table["columns"].elements());
  RowType Empty;
  columns(Empty, Checker);
  if (!Checker.Problem.empty())
    return Table["columns"].refuse(Checker.Problem);
  const JsonField RowsField = Table["rows"];
  const json::Array &Values = RowsField.elements();
  Rows.reserve(Values.size());
  for (size_t I = 0; I != Values.size(); ++I) {
    const json::Array *Row = Values[I].getAsArray();
    // Columns may have been added since.
    if (!Row || Row->size() < Checker.NumColumns)
      return RowsField.element(I).refuse(
          "an array of " + Twine(Checker.NumColumns) + " columns is wanted");
    RowReader Reader(P, *Row, I);
    RowType R;
    columns(R, Reader);
    if (!Reader.Problem.empty())
      return RowsField.element(I).refuse(Reader.Problem);
    Rows.push_back(std::move(R));
  }
}

void readPlaces(JsonField From, Profile &P) {
  std::vector<std::string> Names;
  From["names"].to(Names);
  From["places"].forEach([&](JsonField Row) {
    SourcePlace &Place = P.Places.emplace_back();
    std::vector<uint64_t> Numbers;
    if (!readNumbers(&Row.elements(), 4, Numbers))
      return Row.refuse("[function, file, line, column, ...] is wanted");
    for (size_t I = 0; I != Numbers.size(); I += 4) {
      if (Numbers[I] >= Names.size() || Numbers[I + 1] >= Names.size())
        return Row.refuse("an index of names below " + Twine(Names.size()) +
                          " is wanted");
      if (Numbers[I + 2] > UINT32_MAX || Numbers[I + 3] > UINT32_MAX)
        return Row.refuse("a line and a column below 2^32 are wanted");
      Place.Frames.push_back({Names[Numbers[I]], Names[Numbers[I + 1]],
                              static_cast<uint32_t>(Numbers[I + 2]),
                              static_cast<uint32_t>(Numbers[I + 3])});
    }
  });
}

/// A block's instructions must be there.
void checkBlocks(JsonField Blocks, const Profile &P) {
  for (size_t I = 0; I != P.Blocks.size(); ++I) {
    const BlockReport &B = P.Blocks[I];
    if (B.FirstInstruction != NoIndex &&
        B.NumInstructions > P.Instructions.size() - B.FirstInstruction)
      return Blocks["rows"].element(I).refuse(
          "numInstructions: there are not so many from firstInstruction on");
  }
}

} // namespace

void readProfile(JsonField From, Profile &P) {
  readTable(From["images"], P, P.Images);
  readTable(From["functions"], P, P.Functions);
  readPlaces(From, P);
  readTable(From["instructions"], P, P.Instructions);
  readTable(From["blocks"], P, P.Blocks);
  checkBlocks(From["blocks"], P);
  readTable(From["calls"], P, P.Calls);
  readTable(From["contexts"], P, P.Contexts);
  readTable(From["regions"], P, P.Regions);
  const JsonField Outside = From["outside"];
  if (!readCauses(&Outside.elements(), P.Outside))
    Outside.refuse("[cause, cycles, ...] is wanted");
  readTable(From["timeline"], P, P.Timeline);
  From["problems"].to(P.Problems);
}

} // namespace mcad
