//===- Facts/ModelFields.h - the keys of a machine model ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One table of all parameters of a MachineModel: key, range, meaning. Model
/// files, `-set`, help, reports and checks all read it, so that a parameter
/// that is added here exists everywhere.
///
/// Tested by unittests/Facts/ModelFieldsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_MODELFIELDS_H
#define MCAD_FACTS_MODELFIELDS_H

#include "Facts/MachineModel.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mcad {

struct ModelField {
  enum class Kind : uint8_t { Number, SizeBytes, Boolean, Choice };

  llvm::StringRef Key; ///< "l1d.size".
  Kind How;
  uint64_t Min, Max;
  /// Of a Choice: the names of the values 0, 1, ...
  llvm::ArrayRef<llvm::StringRef> Names;
  llvm::StringRef Meaning; ///< For help: half a sentence with the unit.
  uint64_t (*get)(const MachineModel &);
  void (*set)(MachineModel &, uint64_t);
};

/// All of them, in the order in which files and reports list them.
llvm::ArrayRef<ModelField> modelFields();

/// The one called \p Key, or null.
const ModelField *findModelField(llvm::StringRef Key);

/// Sets the field \p Key of \p M from text: a number, a size ("32K", "1M"),
/// "true" or "false", or a name. Refuses an unknown key and a value of another
/// kind or out of range, by the key and the reason.
llvm::Error setModelField(MachineModel &M, llvm::StringRef Key,
                          llvm::StringRef Value);

/// The value of \p Field in \p M as setModelField() takes it.
std::string modelFieldText(const ModelField &Field, const MachineModel &M);

/// Whether the values of \p M fit each other: ways that divide, sets that are a
/// power of two, latencies that grow from level to level. The error names the
/// key.
llvm::Error checkModel(const MachineModel &M);

} // namespace mcad

#endif // MCAD_FACTS_MODELFIELDS_H
