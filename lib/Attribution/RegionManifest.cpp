//===- Attribution/RegionManifest.cpp - which code is to be measured ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionManifest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

namespace {

/// A JSON value that knows where it stands. LLVM's own do not; the nodes of its
/// YAML parser do, but are walked through only once.
struct Located {
  enum class Kind : uint8_t { String, Other, Array, Object };
  Kind Is = Kind::Other;
  SMLoc At;
  std::string Text; ///< Of a string; of what else has no parts, as written.
  std::vector<Located> Items; ///< Of an array; values of an object.
  std::vector<Located> Keys;  ///< Of an object, as many.

  static Located read(yaml::Node &Node);
};

class Reader {
  const StringRef Name;
  SourceMgr Sources;
  std::vector<RegionRequest> Regions;

public:
  explicit Reader(StringRef Name) : Name(Name) {}

  Expected<std::vector<RegionRequest>> read(StringRef Text);

private:
  Error refuse(const Located &At, const Twine &Reason) const;
  Error checkMembers(const Located &Object, ArrayRef<StringRef> Known) const;
  Error readItem(const Located &Item, StringRef File);
  Error readRegion(const Located &Object, StringRef File);
  Error readSymbol(const Located &Object, RegionRequest &To) const;
  Error readAddresses(const Located &Object, RegionRequest &To) const;
  Error readLines(const Located &Value, RegionRequest &To) const;
  Error readString(const Located &Value, std::string &To) const;
  template <typename Number>
  Error readNumber(const Located &Value, Number &To) const;
};

/// The value of a member; null if there is none.
const Located *member(const Located &Object, StringRef Key) {
  for (const auto &[Name, Value] : zip_equal(Object.Keys, Object.Items))
    if (Name.Text == Key)
      return &Value;
  return nullptr;
}

} // namespace

/// The bracket before \p At. LLVM's nodes of several parts start behind theirs.
static SMLoc bracketBefore(SMLoc At, char Bracket) {
  const char *P = At.getPointer();
  while (*P != Bracket)
    --P;
  return SMLoc::getFromPointer(P);
}

Located Located::read(yaml::Node &Node) {
  Located Result;
  Result.At = Node.getSourceRange().Start;
  if (auto *Scalar = dyn_cast<yaml::ScalarNode>(&Node)) {
    SmallString<64> Storage;
    Result.Text = Scalar->getValue(Storage).str();
    if (Scalar->getRawValue().starts_with("\""))
      Result.Is = Kind::String;
  } else if (auto *Array = dyn_cast<yaml::SequenceNode>(&Node)) {
    Result.Is = Kind::Array;
    Result.At = bracketBefore(Result.At, '[');
    for (yaml::Node &Item : *Array)
      Result.Items.push_back(read(Item));
  } else if (auto *Object = dyn_cast<yaml::MappingNode>(&Node)) {
    Result.Is = Kind::Object;
    Result.At = bracketBefore(Result.At, '{');
    for (yaml::KeyValueNode &Each : *Object) {
      Result.Keys.push_back(read(*Each.getKey()));
      Result.Items.push_back(read(*Each.getValue()));
    }
  }
  return Result;
}

Error Reader::refuse(const Located &At, const Twine &Reason) const {
  const auto [Line, Column] = Sources.getLineAndColumn(At.At);
  return createStringError(Name + ":" + Twine(Line) + ":" + Twine(Column) +
                           ": " + Reason);
}

Error Reader::readString(const Located &Value, std::string &To) const {
  if (Value.Is != Located::Kind::String || Value.Text.empty())
    return refuse(Value, "a string is wanted that is not empty");
  To = Value.Text;
  return Error::success();
}

template <typename Number>
Error Reader::readNumber(const Located &Value, Number &To) const {
  if (Value.Is > Located::Kind::Other ||
      StringRef(Value.Text).getAsInteger(0, To))
    return refuse(Value, "a whole number is wanted, like 4264 or \"0x10a8\"");
  return Error::success();
}

Error Reader::checkMembers(const Located &Object,
                           ArrayRef<StringRef> Known) const {
  for (const auto &[Name, Value] : zip_equal(Object.Keys, Object.Items)) {
    if (!is_contained(Known, Name.Text)) {
      std::string Printable;
      raw_string_ostream(Printable).write_escaped(Name.Text);
      return refuse(Name, "'" + Printable + "' is unknown here: there are " +
                              join(Known, ", "));
    }
    if (member(Object, Name.Text) != &Value)
      return refuse(Name, "'" + Name.Text + "' is said twice");
  }
  return Error::success();
}

Error Reader::readSymbol(const Located &Object, RegionRequest &To) const {
  To.Is = RegionRequest::By::Symbol;
  if (Error E = readString(*member(Object, "symbol"), To.Symbol))
    return E;
  const Located *Offsets = member(Object, "offsets");
  if (!Offsets)
    return Error::success();
  if (Offsets->Is != Located::Kind::Array || Offsets->Items.size() != 2)
    return refuse(*Offsets, "two numbers are wanted: bytes behind the symbol's "
                            "start, bytes behind its end, like [16, -8]");
  if (Error E = readNumber(Offsets->Items[0], To.Begin))
    return E;
  return readNumber(Offsets->Items[1], To.End);
}

Error Reader::readAddresses(const Located &Object, RegionRequest &To) const {
  To.Is = RegionRequest::By::Address;
  const Located *Start = member(Object, "start"), *End = member(Object, "end");
  if (!Start || !End)
    return refuse(Object, "'start' and 'end' go together");
  if (Error E = readNumber(*Start, To.First))
    return E;
  if (Error E = readNumber(*End, To.Last))
    return E;
  if (To.First >= To.Last)
    return refuse(*End, "the end is the address behind the region's last "
                        "instruction, and comes after its start");
  return Error::success();
}

Error Reader::readLines(const Located &Value, RegionRequest &To) const {
  To.Is = RegionRequest::By::Lines;
  std::string Text;
  if (Error E = readString(Value, Text))
    return E;
  const auto [File, Lines] = StringRef(Text).rsplit(':');
  const auto [First, Last] = Lines.split('-');
  if (File.empty() || First.getAsInteger(10, To.FirstLine) ||
      (Last.empty() ? First : Last).getAsInteger(10, To.LastLine) ||
      !To.FirstLine || To.FirstLine > To.LastLine)
    return refuse(Value, "lines of a source file are wanted, like "
                         "\"sort.c:10-20\" or \"sort.c:10\"");
  To.SourceFile = File.str();
  return Error::success();
}

Error Reader::readRegion(const Located &Object, StringRef File) {
  if (Error E = checkMembers(Object, {"symbol", "offsets", "start", "end",
                                      "lines", "file", "description"}))
    return E;
  RegionRequest New;
  New.File = File.str();
  const Located *Lines = member(Object, "lines");
  const bool HasSymbol = member(Object, "symbol");
  const bool HasAddress = member(Object, "start") || member(Object, "end");
  if (HasSymbol + HasAddress + (Lines != nullptr) != 1)
    return refuse(Object, "one of 'symbol', 'start' with 'end', and 'lines' "
                          "says where a region is");
  if (!HasSymbol && member(Object, "offsets"))
    return refuse(*member(Object, "offsets"), "'offsets' are a symbol's");
  if (Error E = HasSymbol    ? readSymbol(Object, New)
                : HasAddress ? readAddresses(Object, New)
                             : readLines(*Lines, New))
    return E;
  if (const Located *Own = member(Object, "file"))
    if (Error E = readString(*Own, New.File))
      return E;
  if (const Located *Says = member(Object, "description")) {
    if (Error E = readString(*Says, New.Description))
      return E;
  } else {
    New.Description = HasSymbol    ? New.Symbol
                      : HasAddress ? member(Object, "start")->Text + "-" +
                                         member(Object, "end")->Text
                                   : Lines->Text;
  }
  Regions.push_back(std::move(New));
  return Error::success();
}

/// A region, or a file with its own.
Error Reader::readItem(const Located &Item, StringRef File) {
  if (Item.Is != Located::Kind::Object)
    return refuse(Item, "an object is wanted");
  const Located *Within = member(Item, "regions");
  if (!Within)
    return readRegion(Item, File);
  if (Error E = checkMembers(Item, {"file", "regions"}))
    return E;
  if (Within->Is != Located::Kind::Array)
    return refuse(*Within, "an array of regions is wanted");
  std::string Own;
  if (const Located *Says = member(Item, "file"))
    if (Error E = readString(*Says, Own))
      return E;
  for (const Located &Each : Within->Items) {
    if (Each.Is != Located::Kind::Object)
      return refuse(Each, "an object is wanted");
    if (Error E = readRegion(Each, Own))
      return E;
  }
  return Error::success();
}

Expected<std::vector<RegionRequest>> Reader::read(StringRef Text) {
  // YAML allows more.
  if (Expected<json::Value> Parsed = json::parse(Text); !Parsed)
    return createStringError(Name + ": " + toString(Parsed.takeError()));
  yaml::Stream Stream(Text, Sources, /*ShowColors=*/false);
  yaml::Node *Root = Stream.begin()->getRoot();
  if (!Root)
    return createStringError(Name + ": it is empty");
  const Located All = Located::read(*Root);
  if (Stream.failed())
    return createStringError(Name + ": it cannot be read");
  if (All.Is == Located::Kind::Array) {
    for (const Located &Item : All.Items)
      if (Error E = readItem(Item, ""))
        return E;
  } else if (Error E = readItem(All, "")) {
    return E;
  }
  if (Regions.empty())
    return refuse(All, "there is no region in it");
  return std::move(Regions);
}

Expected<std::vector<RegionRequest>> parseRegionManifest(StringRef Text,
                                                         StringRef Name) {
  return Reader(Name).read(Text);
}

Expected<std::vector<RegionRequest>> readRegionManifest(StringRef Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> File =
      MemoryBuffer::getFile(Path, /*IsText=*/true);
  if (!File)
    return createStringError("regions: '" + Path +
                             "': cannot be read: " + File.getError().message());
  return parseRegionManifest((*File)->getBuffer(), Path);
}

} // namespace mcad
