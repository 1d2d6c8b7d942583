//===- Report/JsonFields.h - values of a JSON text ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads values out of a JSON text that somebody else may have written. A field
/// knows its way from the root; the first thing that is wrong is kept, with
/// that way, and all that is read after it is of no value:
///
///   JsonProblem Problem;
///   JsonField Root(Value, Problem);
///   Root["summary"]["instructions"].to(S.Instructions);
///   if (Problem.isSet()) ... "summary.instructions: a count is wanted"
///
/// Tested by unittests/Report/JsonReaderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_JSONFIELDS_H
#define MCAD_REPORT_JSONFIELDS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mcad {

/// The first thing that is wrong with a text.
class JsonProblem {
  std::string Sentence;

public:
  bool isSet() const { return !Sentence.empty(); }
  const std::string &sentence() const { return Sentence; }
  /// \p Path: empty for the root.
  void set(llvm::StringRef Path, const llvm::Twine &What);
};

class JsonField {
  const llvm::json::Value *V; ///< Null: there is none.
  JsonProblem *Problem;
  std::string Path;

  JsonField(const llvm::json::Value *V, JsonProblem &Problem, std::string Path)
      : V(V), Problem(&Problem), Path(std::move(Path)) {}

public:
  /// Both live as long as all fields.
  JsonField(const llvm::json::Value &Root, JsonProblem &Problem)
      : V(&Root), Problem(&Problem) {}

  bool isPresent() const { return V; }
  bool isNull() const { return V && V->kind() == llvm::json::Value::Null; }
  JsonProblem &problem() const { return *Problem; }
  void refuse(const llvm::Twine &What) const { Problem->set(Path, What); }

  /// The member of that name; it need not be there.
  JsonField operator[](llvm::StringRef Name) const;
  /// Its elements; none, and a problem, if it is no array.
  const llvm::json::Array &elements() const;
  JsonField element(size_t Index) const;
  /// Its members, by name; none, and a problem, if it is no object.
  std::vector<llvm::StringRef> names() const;

  void to(uint64_t &Count) const;
  void to(uint32_t &Count) const;
  void to(double &Number) const; ///< Finite.
  void to(bool &Truth) const;
  void to(std::string &Text) const;
  void to(std::vector<std::string> &Texts) const;
  void toAddress(uint64_t &Address) const;         ///< "0x12ab"
  void toBytes(std::vector<uint8_t> &Bytes) const; ///< "12ab"

  /// Calls \p Visit with each element as a field.
  template <typename Visitor> void forEach(Visitor Visit) const {
    for (size_t I = 0, Size = elements().size(); I != Size; ++I)
      Visit(element(I));
  }
};

/// The value of a JSON number that is a count.
std::optional<uint64_t> jsonCount(const llvm::json::Value &V);
/// Of a string "0x12ab".
std::optional<uint64_t> jsonAddress(const llvm::json::Value &V);
/// Of a string "12ab".
std::optional<std::vector<uint8_t>> jsonBytes(const llvm::json::Value &V);

} // namespace mcad

#endif // MCAD_REPORT_JSONFIELDS_H
