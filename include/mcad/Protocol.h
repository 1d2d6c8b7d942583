//===- mcad/Protocol.h - the versions of the wire ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which protocol sender and receiver speak: the number in Hello and Reply of
/// Serialization/mcad.fbs. Free of LLVM, since the relay includes it too.
/// docs/wire.md tells what each version means.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_PROTOCOL_H
#define MCAD_PROTOCOL_H

#include <cstdint>

namespace mcad {

/// The versions of the protocol, as Hello.protocol says them.
enum class Protocol : uint32_t {
  /// Hello, Reply, Blocks, StreamStart, Executed, StreamEnd, Totals.
  First = 1,
  /// Images: the files that executed code comes from.
  WithImages = 2,
  /// Token; Totals that hold only if nothing follows them.
  WithEndings = 3,
  Current = WithEndings,
};

} // namespace mcad

#endif // MCAD_PROTOCOL_H
