//===- Invariant.cpp - what is true of every trace ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/Invariant.h"
#include "Trace/Wire.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace mcad;

StringRef mcad::sentence(Invariant Rule) {
  switch (Rule) {
  case Invariant::Framing:
    return "every message arrives whole and is at most 64 MiB long";
  case Invariant::Soundness:
    return "every message is a sound FlatBuffer of the schema";
  case Invariant::HelloOnce:
    return "Hello is the first message and no other";
  case Invariant::NoReply:
    return "Reply goes to the sender and never comes from it";
  case Invariant::NoToken:
    return "Token comes before Hello or not at all";
  case Invariant::BlocksPresent:
    return "a Blocks message defines at least one block";
  case Invariant::BlockIdsDense:
    return "blocks are numbered from 0 in the order of their definition";
  case Invariant::BlockLimit:
    return "a trace defines at most 16 Mi blocks, or -max-blocks, and 32 "
           "times as many instructions";
  case Invariant::BlockInstructions:
    return "a block has between 1 and 512 instructions, none of no bytes";
  case Invariant::BlockBytes:
    return "a block has as many bytes as its instructions' sizes add up to";
  case Invariant::BlockSet:
    return "a block's instruction set is one of the schema's";
  case Invariant::BlockAccepted:
    return "a block's definition is one that the analyser accepts";
  case Invariant::ImagesPresent:
    return "an Images message defines at least one image";
  case Invariant::ImageLimit:
    return "a trace defines at most 65536 images, with 64 MiB of paths";
  case Invariant::ImageRange:
    return "an image starts before it ends";
  case Invariant::StringLimit:
    return "a string is at most 64 KiB long, a build-id 256 bytes, and there "
           "are at most 256 options";
  case Invariant::StreamIdsDense:
    return "streams are numbered from 0 in the order of their start";
  case Invariant::StreamLimit:
    return "a trace starts at most 65536 streams";
  case Invariant::StreamRunning:
    return "only a stream that has started and not ended executes and ends";
  case Invariant::ExecutedPresent:
    return "Executed holds at least one event";
  case Invariant::BlockDefined:
    return "a block is defined before it executes";
  case Invariant::EventsStartWithBlock:
    return "the events of a message start with a block";
  case Invariant::EventWhole:
    return "the last event of a message is whole";
  case Invariant::AccessInstruction:
    return "an access belongs to an instruction of the block before it";
  case Invariant::TotalsPresent:
    return "a trace ends with Totals";
  case Invariant::TotalsLast:
    return "nothing follows Totals with the reason exit or detach";
  case Invariant::TotalsReason:
    return "Totals gives one of the schema's reasons";
  case Invariant::TotalsStreams:
    return "Totals counts each stream that started, once, in ascending order";
  case Invariant::TotalsBlocks:
    return "Totals says as many blocks as were defined";
  case Invariant::TotalsCounts:
    return "Totals counts as many executions, instructions and accesses as "
           "arrived";
  }
  llvm_unreachable("not an invariant");
}

static_assert(limit::MessageBytes == 64u << 20 && limit::Blocks == 16u << 20 &&
                  limit::InstructionsPerBlock == 32 &&
                  limit::Streams == 65536 && limit::Images == 65536 &&
                  limit::PathBytes == 64u << 20 &&
                  limit::StringBytes == 64u << 10 &&
                  limit::BuildIdBytes == 256 && limit::Options == 256 &&
                  event::MaxInstructions == 512,
              "the sentences above say the limits");

std::string Violation::str() const {
  std::string Line = sentence(Rule).str() + ", but " + Found + ": message " +
                     std::to_string(Message) + " at byte " +
                     std::to_string(ByteOffset);
  if (Stream)
    Line += ", stream " + std::to_string(index(*Stream));
  if (Instruction)
    Line += ", instruction " + std::to_string(*Instruction);
  return Line;
}
