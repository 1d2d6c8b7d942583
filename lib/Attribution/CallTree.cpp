//===- Attribution/CallTree.cpp - who called whom, while it runs ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/CallTree.h"
#include "Symbols/SymbolTable.h"

using namespace llvm;

namespace mcad {

CallTree::FunctionFinder CallTree::functionsOf(SymbolTable &Names) {
  return [&Names](const CodeBlock &Block) {
    const FunctionId Id = Names.functionAt(Block.Address, Block.NumImages);
    return Function{mcad::index(Id), Names.function(Id).Address};
  };
}

void CallTree::noteNewBlocks() {
  for (uint32_t Id = Shapes.size(); Id != P.numBlocks(); ++Id) {
    const CodeBlock &Block = P.block(BlockId(Id));
    const CodeInstruction &End = P.instructions(Block).back();
    const Branch Leaves = classifyBranch(P, End);
    const Function In = Find(Block);
    Shapes.push_back({Block.Address, End.Address + End.SizeBytes, End.Address,
                      Leaves.Target, Block.NumInstructions, In.Id, Leaves.Kind,
                      Leaves.IsDirect, In.Start == Block.Address});
  }
}

uint32_t CallTree::step(BlockId Id) {
  const Shape &Block = Shapes[index(Id)];
  if (Last == NoNode)
    begin(Block.Function);
  else
    move(Shapes[Last], Block);
  Last = index(Id);
  Nodes[Current].Instructions += Block.NumInstructions;
  return Current;
}

void CallTree::restart() {
  popTo(0);
  Last = NoNode;
}

void CallTree::begin(uint32_t Function) {
  const auto [Known, IsNew] = Roots.try_emplace(Function, Nodes.size());
  if (IsNew)
    Nodes.push_back({NoNode, Function, 0});
  Current = Known->second;
  ++Nodes[Current].Beginnings;
}

void CallTree::move(const Shape &From, const Shape &To) {
  const bool GoesOn = To.Address == From.End;
  const bool IsTarget = !From.IsDirect || To.Address == From.Target;
  switch (From.Kind) {
  case BranchKind::Call:
    // To what follows: it was not taken, or asks for its own address.
    if (GoesOn)
      return go(From, To);
    return IsTarget ? call(From, To) : interrupt(From, To);
  case BranchKind::Return:
    if (!returnTo(To))
      go(From, To);
    return;
  case BranchKind::Jump:
    if (GoesOn || (From.IsDirect && IsTarget))
      return go(From, To);
    if (From.IsDirect)
      return interrupt(From, To);
    // Some architectures have no instruction of its own for a return.
    if (To.Function == Nodes[Current].Function || !returnTo(To))
      go(From, To);
    return;
  case BranchKind::None:
    // A repeated instruction goes on with itself.
    if (GoesOn || To.Address == From.Last)
      return go(From, To);
    return interrupt(From, To);
  }
}

void CallTree::call(const Shape &From, const Shape &To) {
  push({From.End, Current, From.Last, false, 0, 0});
  Current = enter(To.Function, From.Last, true);
}

void CallTree::interrupt(const Shape &From, const Shape &To) {
  // The end of a handler, which no instruction is for, comes here too.
  if (returnTo(To))
    return;
  // A fault that was mended is no call.
  if (To.Address >= From.Address && To.Address < From.End)
    return;
  push({From.End, Current, From.Last, true, From.Address,
        From.IsDirect ? From.Target : From.End});
  Current = enter(To.Function, 0, true);
}

void CallTree::go(const Shape &From, const Shape &To) {
  if (To.Function == Nodes[Current].Function)
    return;
  if (!To.IsEntry && Callers.lookup(To.Function)) {
    size_t Depth = Stack.size();
    while (Nodes[Stack[Depth - 1].Node].Function != To.Function)
      --Depth;
    return popTo(Depth - 1);
  }
  Current = enter(To.Function, From.Last, To.IsEntry);
}

bool CallTree::returnTo(const Shape &To) {
  if (!Stack.empty() && Stack.back().returnsTo(To.Address)) {
    leave(Stack.size() - 1, To);
    return true;
  }
  if (!NumInterrupts && !Returns.lookup(To.Address))
    return false;
  for (size_t Depth = Stack.size(); Depth--;)
    if (Stack[Depth].returnsTo(To.Address)) {
      leave(Depth, To);
      return true;
    }
  return false;
}

void CallTree::leave(size_t Depth, const Shape &To) {
  const GuestAddr Site = Stack[Depth].Site;
  popTo(Depth);
  // A function that ends with a call falls through to the next behind it.
  if (To.Function != Nodes[Current].Function)
    Current = enter(To.Function, Site, To.IsEntry);
}

void CallTree::push(const Frame &F) {
  Stack.push_back(F);
  ++Returns[F.Return];
  ++Callers[Nodes[F.Node].Function];
  NumInterrupts += F.IsInterrupt;
}

void CallTree::popTo(size_t Depth) {
  while (Stack.size() != Depth) {
    const Frame &F = Stack.back();
    Current = F.Node;
    --Returns[F.Return];
    --Callers[Nodes[F.Node].Function];
    NumInterrupts -= F.IsInterrupt;
    Stack.pop_back();
  }
}

uint32_t CallTree::enter(uint32_t Function, GuestAddr Site, bool IsCall) {
  const std::pair<uint64_t, GuestAddr> Key(uint64_t(Current) << 32 | Function,
                                           Site);
  if (auto Known = EdgeNumbers.find(Key); Known != EdgeNumbers.end()) {
    Edges[Known->second].Calls += IsCall;
    return Edges[Known->second].To;
  }
  if (Edges.size() == MostEdges) {
    ++Dropped;
    return Current;
  }
  uint32_t To = Current;
  while (To != NoNode && Nodes[To].Function != Function)
    To = Nodes[To].Parent;
  if (To == NoNode) {
    To = Nodes.size();
    Nodes.push_back({Current, Function, Site});
  }
  EdgeNumbers[Key] = Edges.size();
  Edges.push_back({Current, To, Site, IsCall});
  return To;
}

} // namespace mcad
