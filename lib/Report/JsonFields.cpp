//===- Report/JsonFields.cpp - values of a JSON text ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonFields.h"
#include "Report/Printable.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace llvm;

namespace mcad {

void JsonProblem::set(StringRef Path, const Twine &What) {
  if (isSet())
    return;
  Sentence = Path.empty() ? What.str() : (printable(Path) + ": " + What).str();
}

JsonField JsonField::operator[](StringRef Name) const {
  std::string Way = Path.empty() ? Name.str() : Path + "." + Name.str();
  if (!V)
    return JsonField(nullptr, *Problem, std::move(Way));
  const json::Object *O = V->getAsObject();
  if (!O) {
    refuse("an object is wanted, { ... }");
    return JsonField(nullptr, *Problem, std::move(Way));
  }
  return JsonField(O->get(Name), *Problem, std::move(Way));
}

const json::Array &JsonField::elements() const {
  static const json::Array None;
  if (const json::Array *A = V ? V->getAsArray() : nullptr)
    return *A;
  refuse("an array is wanted, [ ... ]");
  return None;
}

JsonField JsonField::element(size_t Index) const {
  return JsonField(&elements()[Index], *Problem,
                   Path + "[" + std::to_string(Index) + "]");
}

std::vector<StringRef> JsonField::names() const {
  std::vector<StringRef> Names;
  if (const json::Object *O = V ? V->getAsObject() : nullptr) {
    for (const auto &[Name, Value] : *O)
      Names.push_back(Name);
    llvm::sort(Names);
  } else {
    refuse("an object is wanted, { ... }");
  }
  return Names;
}

std::optional<uint64_t> jsonCount(const json::Value &V) {
  return V.kind() == json::Value::Number ? V.getAsUINT64() : std::nullopt;
}

std::optional<uint64_t> jsonAddress(const json::Value &V) {
  StringRef Text = V.getAsString().value_or("");
  uint64_t Address;
  if (!Text.consume_front("0x") || Text.getAsInteger(16, Address))
    return std::nullopt;
  return Address;
}

std::optional<std::vector<uint8_t>> jsonBytes(const json::Value &V) {
  const std::optional<StringRef> Text = V.getAsString();
  std::string Bytes;
  if (!Text || Text->size() % 2 || !tryGetFromHex(*Text, Bytes))
    return std::nullopt;
  return std::vector<uint8_t>(Bytes.begin(), Bytes.end());
}

void JsonField::to(uint64_t &Count) const {
  if (const std::optional<uint64_t> N = V ? jsonCount(*V) : std::nullopt)
    Count = *N;
  else
    refuse("a count is wanted");
}

void JsonField::to(uint32_t &Count) const {
  uint64_t Wide = 0;
  to(Wide);
  if (Wide > UINT32_MAX)
    refuse("a count below 2^32 is wanted");
  Count = static_cast<uint32_t>(Wide);
}

void JsonField::to(double &Number) const {
  const std::optional<double> N = V ? V->getAsNumber() : std::nullopt;
  if (N && std::isfinite(*N))
    Number = *N;
  else
    refuse("a number is wanted");
}

void JsonField::to(bool &Truth) const {
  if (const std::optional<bool> B = V ? V->getAsBoolean() : std::nullopt)
    Truth = *B;
  else
    refuse("true or false is wanted");
}

void JsonField::to(std::string &Text) const {
  if (const std::optional<StringRef> S = V ? V->getAsString() : std::nullopt)
    Text = S->str();
  else
    refuse("a string is wanted");
}

void JsonField::to(std::vector<std::string> &Texts) const {
  forEach([&](JsonField F) { F.to(Texts.emplace_back()); });
}

void JsonField::toAddress(uint64_t &Address) const {
  if (const std::optional<uint64_t> A = V ? jsonAddress(*V) : std::nullopt)
    Address = *A;
  else
    refuse("an address is wanted, \"0x...\"");
}

void JsonField::toBytes(std::vector<uint8_t> &Bytes) const {
  if (auto B = V ? jsonBytes(*V) : std::nullopt)
    Bytes = std::move(*B);
  else
    refuse("bytes are wanted, two hexadecimal digits each");
}

} // namespace mcad
