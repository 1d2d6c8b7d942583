//===- Facts/ModelFile.cpp - machine models in files --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/ModelFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace mcad {

namespace {
constexpr StringRef Generic = "generic";

/// One file being read; its errors start with the file's name.
class Reader {
  const StringRef Name;

public:
  explicit Reader(StringRef Name) : Name(Name) {}

  Expected<ModelFile> read(StringRef Text) const;

private:
  Error refuse(const Twine &Reason) const {
    return createStringError(Name + ": " + Reason);
  }
  Expected<std::string> string(StringRef Key, const json::Value &V) const {
    if (std::optional<StringRef> Text = V.getAsString())
      return Text->str();
    return refuse(Key + ": a string is wanted");
  }
  Error readBase(const json::Object &Root, ModelFile &Result) const;
  Error readHead(const json::Object &Root, ModelFile &Result) const;
  Error readValue(StringRef Key, const json::Value &V, ModelFile &Result) const;
};
} // namespace

/// \p V as setModelField() takes it; none if it is of another kind than
/// \p Field.
static std::optional<std::string> textOf(const ModelField &Field,
                                         const json::Value &V) {
  const std::optional<int64_t> Number = V.getAsInteger();
  const std::optional<StringRef> Text = V.getAsString();
  switch (Field.How) {
  case ModelField::Kind::Boolean:
    if (std::optional<bool> B = V.getAsBoolean())
      return *B ? "true" : "false";
    return std::nullopt;
  case ModelField::Kind::Choice:
    return Text ? std::optional(Text->str()) : std::nullopt;
  case ModelField::Kind::SizeBytes:
    if (Text)
      return Text->str();
    [[fallthrough]];
  case ModelField::Kind::Number:
    return Number ? std::optional(std::to_string(*Number)) : std::nullopt;
  }
  llvm_unreachable("all kinds are above");
}

static StringRef wanted(const ModelField &Field) {
  switch (Field.How) {
  case ModelField::Kind::Boolean:
    return "true or false is wanted";
  case ModelField::Kind::Choice:
    return "a name is wanted, in quotes";
  case ModelField::Kind::SizeBytes:
    return "a size is wanted, like 32768 or \"32K\"";
  case ModelField::Kind::Number:
    return "a whole number is wanted";
  }
  llvm_unreachable("all kinds are above");
}

Error Reader::readValue(StringRef Key, const json::Value &V,
                        ModelFile &Result) const {
  const ModelField *Field = findModelField(Key);
  if (!Field)
    return refuse("values: " + Key +
                  ": no parameter of a model: -model=help lists them");
  const json::Value *Value = &V;
  if (const json::Array *Pair = V.getAsArray()) {
    if (Pair->size() != 2 || !(*Pair)[1].getAsString())
      return refuse(Key + ": beside the value a source is wanted, in quotes");
    Value = &(*Pair)[0];
    Result.SourceOfKey[Key] = (*Pair)[1].getAsString()->str();
  } else {
    Result.SourceOfKey.erase(Key);
  }
  const std::optional<std::string> Text = textOf(*Field, *Value);
  if (!Text)
    return refuse(Key + ": " + wanted(*Field));
  if (Error E = setModelField(Result.Model, Key, *Text))
    return refuse(toString(std::move(E)));
  return Error::success();
}

Error Reader::readBase(const json::Object &Root, ModelFile &Result) const {
  std::string Base = Generic.str();
  if (const json::Value *V = Root.get("base")) {
    Expected<std::string> Text = string("base", *V);
    if (!Text)
      return Text.takeError();
    Base = *Text;
  }
  const Preset *Found =
      find_if(presets(), [&](const Preset &P) { return P.Name == Base; });
  if (Found == presets().end())
    return refuse("base: there is no preset '" + Base +
                  "': -model=help lists them");
  // Presets have all values, and no base.
  Expected<ModelFile> Parsed = Reader(Found->Name).read(Found->Json);
  if (!Parsed)
    return Parsed.takeError();
  Result = std::move(*Parsed);
  Result.Model.Name.clear();
  Result.Model.Description.clear();
  Result.Cpus.clear();
  return Error::success();
}

Error Reader::readHead(const json::Object &Root, ModelFile &Result) const {
  for (const auto &[Key, V] : Root) {
    if (Key == "values" || Key == "base")
      continue;
    if (Key == "name" || Key == "description") {
      Expected<std::string> Text = string(Key, V);
      if (!Text)
        return Text.takeError();
      (Key == "name" ? Result.Model.Name : Result.Model.Description) = *Text;
    } else if (Key == "cpus") {
      const json::Array *Names = V.getAsArray();
      if (!Names)
        return refuse("cpus: a list of names is wanted");
      for (const json::Value &Name : *Names) {
        Expected<std::string> Text = string("cpus", Name);
        if (!Text)
          return Text.takeError();
        Result.Cpus.push_back(*Text);
      }
    } else if (Key == "sources") {
      const json::Object *Sources = V.getAsObject();
      if (!Sources)
        return refuse("sources: an object is wanted: short names and texts");
      for (const auto &[Short, Long] : *Sources) {
        Expected<std::string> Text = string("sources", Long);
        if (!Text)
          return Text.takeError();
        Result.Sources[StringRef(Short)] = *Text;
      }
    } else {
      return refuse(StringRef(Key) +
                    ": unknown: there are name, description, base, cpus, "
                    "sources and values");
    }
  }
  return Error::success();
}

Expected<ModelFile> Reader::read(StringRef Text) const {
  Expected<json::Value> Parsed = json::parse(Text);
  if (!Parsed)
    return refuse(toString(Parsed.takeError()));
  const json::Object *Root = Parsed->getAsObject();
  if (!Root)
    return refuse("an object is wanted, { ... }");
  ModelFile Result;
  const bool IsPreset = any_of(
      presets(), [&](const Preset &P) { return P.Json.data() == Text.data(); });
  if (!IsPreset)
    if (Error E = readBase(*Root, Result))
      return E;
  if (Error E = readHead(*Root, Result))
    return E;
  const json::Object *Values = Root->getObject("values");
  if (!Values)
    return refuse("values: an object of keys and values is wanted");
  for (const auto &[Key, V] : *Values)
    if (Error E = readValue(Key, V, Result))
      return E;
  if (Error E = checkModel(Result.Model))
    return refuse(toString(std::move(E)));
  if (Result.Model.Name.empty())
    Result.Model.Name = Name.str();
  return Result;
}

StringRef shortSource(StringRef Source) {
  return Source.take_until([](char C) { return !isAlnum(C); });
}

std::string ModelFile::sourceText(StringRef Key) const {
  const std::string Source = SourceOfKey.lookup(Key);
  const StringRef Short = shortSource(Source);
  const auto Long = Sources.find(Short);
  if (Long == Sources.end())
    return Source;
  const StringRef Where = StringRef(Source).substr(Short.size()).ltrim(" ,:");
  return (Long->second + (Where.empty() ? "" : ": ") + Where).str();
}

Expected<ModelFile> parseModelFile(StringRef Json, StringRef Name) {
  return Reader(Name).read(Json);
}

ModelFile presetFor(StringRef Cpu) {
  std::optional<ModelFile> Fallback;
  for (const Preset &P : presets()) {
    ModelFile File = cantFail(parseModelFile(P.Json, P.Name));
    if (is_contained(File.Cpus, Cpu))
      return File;
    if (P.Name == Generic)
      Fallback = std::move(File);
  }
  return std::move(*Fallback);
}

} // namespace mcad
