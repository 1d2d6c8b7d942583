//===- Report/JsonProfile.cpp - a profile as JSON -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonProfile.h"
#include "Report/ProfileTables.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {
namespace {

/// The names of a row's columns.
class ColumnNames {
public:
  std::vector<StringRef> Names;

  void text(StringRef Name, const std::string &) { Names.push_back(Name); }
  void address(StringRef Name, GuestAddr) { Names.push_back(Name); }
  void count(StringRef Name, uint64_t) { Names.push_back(Name); }
  void count32(StringRef Name, uint32_t) { Names.push_back(Name); }
  void bytes(StringRef Name, const std::vector<uint8_t> &) {
    Names.push_back(Name);
  }
  void causes(StringRef Name, const CausedCycles &) { Names.push_back(Name); }
  void index(StringRef Name, uint32_t, ProfileTable) { Names.push_back(Name); }
  void buckets(StringRef Name, const std::vector<RegionReport::Bucket> &) {
    Names.push_back(Name);
  }
};

/// Writes one row as an array in one line.
class RowWriter {
  raw_ostream &OS;
  bool IsFirst = true;

  raw_ostream &next() {
    if (!IsFirst)
      OS << ',';
    IsFirst = false;
    return OS;
  }

public:
  explicit RowWriter(raw_ostream &OS) : OS(OS) { OS << '['; }
  ~RowWriter() { OS << ']'; }
  RowWriter(const RowWriter &) = delete;
  RowWriter &operator=(const RowWriter &) = delete;

  void string(StringRef Text) { next() << json::Value(json::fixUTF8(Text)); }
  void number(uint64_t N) { next() << N; }

  static void writeCauses(const CausedCycles &Cycles, raw_ostream &OS) {
    RowWriter Row(OS);
    for (unsigned I = 0; I != NumCauses; ++I)
      if (Cycles[I]) {
        Row.string(causeName(static_cast<Cause>(I)));
        Row.number(Cycles[I]);
      }
  }

  void text(StringRef, const std::string &Text) { string(Text); }
  void address(StringRef, GuestAddr Address) {
    next() << '"' << format_hex(Address, 1) << '"';
  }
  void count(StringRef, uint64_t N) { number(N); }
  void count32(StringRef, uint32_t N) { number(N); }
  void bytes(StringRef, const std::vector<uint8_t> &Bytes) {
    next() << '"' << toHex(Bytes, /*LowerCase=*/true) << '"';
  }
  void causes(StringRef, const CausedCycles &Cycles) {
    next();
    writeCauses(Cycles, OS);
  }
  void index(StringRef, uint32_t Index, ProfileTable) {
    if (Index == NoIndex)
      next() << "null";
    else
      next() << Index;
  }
  void buckets(StringRef, const std::vector<RegionReport::Bucket> &Buckets) {
    next();
    RowWriter Row(OS);
    for (const RegionReport::Bucket &B : Buckets)
      for (const uint64_t N : {B.From, B.To, B.Entries})
        Row.number(N);
  }
};

template <typename RowType>
void writeTable(StringRef Name, const std::vector<RowType> &Rows,
                json::OStream &J) {
  J.attributeObject(Name, [&] {
    ColumnNames Columns;
    const RowType Empty;
    columns(Empty, Columns);
    J.attributeBegin("columns");
    J.rawValue([&](raw_ostream &OS) {
      RowWriter Row(OS);
      for (StringRef Column : Columns.Names)
        Row.string(Column);
    });
    J.attributeEnd();
    J.attributeArray("rows", [&] {
      for (const RowType &R : Rows)
        J.rawValue([&](raw_ostream &OS) {
          RowWriter Row(OS);
          columns(R, Row);
        });
    });
  });
}

/// The names of files and inlined functions, each once, in the order of their
/// first use.
class NameTable {
  StringMap<uint32_t> Numbers;

public:
  std::vector<StringRef> Names;

  uint32_t number(StringRef Name) {
    const auto [At, IsNew] = Numbers.try_emplace(Name, Names.size());
    if (IsNew)
      Names.push_back(At->first());
    return At->second;
  }
};

void writePlaces(const std::vector<SourcePlace> &Places, json::OStream &J) {
  NameTable Names;
  J.attributeArray("places", [&] {
    for (const SourcePlace &P : Places)
      J.rawValue([&](raw_ostream &OS) {
        RowWriter Row(OS);
        for (const SourcePlace::Frame &F : P.Frames) {
          Row.number(Names.number(F.Function));
          Row.number(Names.number(F.File));
          Row.number(F.Line);
          Row.number(F.Column);
        }
      });
  });
  J.attributeArray("names", [&] {
    for (StringRef Name : Names.Names)
      J.value(json::fixUTF8(Name));
  });
}

} // namespace

void writeProfile(const Profile &P, json::OStream &J) {
  J.object([&] {
    writeTable("images", P.Images, J);
    writeTable("functions", P.Functions, J);
    writePlaces(P.Places, J);
    writeTable("instructions", P.Instructions, J);
    writeTable("blocks", P.Blocks, J);
    writeTable("calls", P.Calls, J);
    writeTable("contexts", P.Contexts, J);
    writeTable("regions", P.Regions, J);
    J.attributeBegin("outside");
    J.rawValue([&](raw_ostream &OS) { RowWriter::writeCauses(P.Outside, OS); });
    J.attributeEnd();
    writeTable("timeline", P.Timeline, J);
    J.attributeArray("problems", [&] {
      for (const std::string &Problem : P.Problems)
        J.value(json::fixUTF8(Problem));
    });
  });
}

} // namespace mcad
