//===- Broker/RawBroker.h - instruction bytes as a source of traces ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The `raw` broker: a file of instruction bytes, either binary or as text of
/// hexadecimal digits (bytes in memory order; white space, commas and 0x
/// prefixes between bytes; # starts a comment), one trace that executes them in
/// order. A file is text if all of it reads as such.
///
/// Bytes that do not decode are kept as instructions of the architecture's
/// smallest size and end up counted as undecoded; none is skipped.
///
/// Tested by unittests/Broker/RawBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_RAWBROKER_H
#define MCAD_BROKER_RAWBROKER_H

#include "Target/Target.h"
#include "mcad/Broker.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mcad {

/// \p Iterations: how often the bytes are executed, at least 1.
llvm::Expected<std::unique_ptr<Broker>>
createRawBroker(const Target &T, const llvm::MemoryBuffer &Source,
                unsigned Iterations);

/// The bytes that \p Text spells in hexadecimal, or none if it is not such
/// text.
std::optional<std::vector<uint8_t>> parseHexBytes(llvm::StringRef Text);

} // namespace mcad

#endif // MCAD_BROKER_RAWBROKER_H
