//===- Broker/AsmRegions.cpp - the regions that comments mark in assembly ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/AsmRegions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

void AsmRegions::HandleComment(SMLoc Loc, StringRef Comment) {
  // What LLVM counts in an empty one at the end of a file (bugs-met.md).
  if (Comment.size() == size_t(-1))
    return;
  // Where // is the target's own comment (AArch64), the assembler's lexer takes
  // the second slash for text, and llvm-mca therefore never hears such a
  // marker.
  Comment.consume_front("/");
  Comment = Comment.ltrim(" \t");
  if (Comment.consume_front("LLVM-MCA-END"))
    end(Comment.ltrim(" \t"), Loc);
  else if (Comment.consume_front("LLVM-MCA-BEGIN"))
    begin(Comment.ltrim(" \t"), Loc);
}

void AsmRegions::complain(SMLoc Loc, const Twine &What) {
  Sources.PrintMessage(Loc, SourceMgr::DK_Error, What);
  HadErrors = true;
}

void AsmRegions::begin(StringRef Name, SMLoc Loc) {
  if (any_of(Open, [&](size_t R) { return Regions[R].Name == Name; }))
    return complain(Loc, Name.empty()
                             ? "a region without a name is still open here: "
                               "name one of the two"
                             : "a region named " + Name +
                                   " is still open here: give this one another "
                                   "name");
  // The first begin replaces the region that is the whole file.
  if (Regions.size() == 1 && !Regions.front().isMarked())
    Regions.clear();
  Open.push_back(Regions.size());
  Regions.push_back({Name.str(), Loc, SMLoc()});
}

void AsmRegions::end(StringRef Name, SMLoc Loc) {
  if (Name.empty() && Open.size() == 1) {
    Regions[Open.front()].End = Loc;
    Open.clear();
    return;
  }
  if (Name.empty() && Open.empty() && Regions.size() == 1 &&
      !Regions.front().isMarked()) {
    Regions.front().End = Loc;
    return;
  }
  auto It = find_if(Open, [&](size_t R) { return Regions[R].Name == Name; });
  if (It == Open.end())
    return complain(Loc, Name.empty()
                             ? "no region without a name is open here"
                             : "no region named " + Name + " is open here");
  Regions[*It].End = Loc;
  Open.erase(It);
}

} // namespace mcad
