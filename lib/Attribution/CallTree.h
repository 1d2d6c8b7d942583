//===- Attribution/CallTree.h - who called whom, while it runs ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The calling contexts of one stream, from nothing but its blocks: a shadow
/// stack that calls push and that returns pop to wherever they arrive.
///
/// - A jump to another function is a tail call: a child of the function that
///   jumps, which its caller's return address leads out of as well. So is what
///   a function that ends with a call returns to: the function behind it.
/// - A function that is on the way to itself already is that context again:
///   recursion makes no contexts, so that there are not more than there are
///   paths without one through the program's functions.
/// - Control that arrives within a function further up, but at no return
///   address, has unwound to there: longjmp, exceptions.
/// - Control that arrives where no branch led was interrupted: a signal's
///   handler is called from the function that it interrupted, and returns to
///   somewhere in or behind the interrupted block.
///
/// Tested by unittests/Attribution/CallTreeTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_CALLTREE_H
#define MCAD_ATTRIBUTION_CALLTREE_H

#include "Facts/Branch.h"
#include "Facts/Facts.h"
#include "mcad/Execution.h"
#include "llvm/ADT/DenseMap.h"
#include <functional>
#include <vector>

namespace mcad {

class SymbolTable;

class CallTree {
public:
  static constexpr uint32_t NoNode = ~uint32_t(0);
  /// More calls than this, and contexts therefore, are not told apart unless
  /// told otherwise: numDropped().
  static constexpr uint32_t MaxEdges = 1 << 20;

  /// A function of the program, by any number, and where it begins.
  struct Function {
    uint32_t Id = 0;
    GuestAddr Start = 0;
  };
  using FunctionFinder = std::function<Function(const CodeBlock &)>;
  /// Functions by their numbers in \p Names, which outlives the finder.
  static FunctionFinder functionsOf(SymbolTable &Names);

  struct Node {
    uint32_t Parent; ///< NoNode: the stream begins here.
    uint32_t Function;
    GuestAddr Site; ///< Of the call; 0: a beginning, or an interrupt.
    uint64_t Instructions = 0; ///< As QEMU executes them.
    uint64_t Beginnings = 0;   ///< Of a node without a parent: how often.
  };
  /// A call. \c To is a child of \c From, or \c From or an ancestor of it:
  /// recursion.
  struct Edge {
    uint32_t From, To;
    GuestAddr Site;
    uint64_t Calls = 0;
  };

  /// \p P outlives the tree and may grow. \p Find is asked once per block, for
  /// the function that its first instruction is in.
  CallTree(const Program &P, FunctionFinder Find, uint32_t MostEdges = MaxEdges)
      : P(P), Find(std::move(Find)), MostEdges(MostEdges) {}

  /// Of the program so far; before blocks are executed.
  void noteNewBlocks();
  /// The stream executes \p Block. \returns the context that it is in.
  uint32_t step(BlockId Block);
  /// The next block has nothing to do with those before it: the stream begins
  /// there again.
  void restart();
  /// How many calls the stream is within.
  size_t depth() const { return Stack.size(); }

  /// Parents come before children. The first is where the stream began first.
  llvm::ArrayRef<Node> nodes() const { return Nodes; }
  llvm::ArrayRef<Edge> edges() const { return Edges; }
  /// Calls that have no context of their own since there were too many.
  uint64_t numDropped() const { return Dropped; }

private:
  /// What is to be known of a block.
  struct Shape {
    GuestAddr Address, End, Last; ///< Last: of its last instruction.
    GuestAddr Target;
    uint32_t NumInstructions;
    uint32_t Function;
    BranchKind Kind;
    bool IsDirect, IsEntry;
  };
  /// A call that has not returned.
  struct Frame {
    GuestAddr Return; ///< Where it returns to.
    uint32_t Node;    ///< The caller's.
    GuestAddr Site;   ///< Of the call, or where it was interrupted.
    /// An interrupt returns to Target as well, or to anywhere from Begin to
    /// Return.
    bool IsInterrupt;
    GuestAddr Begin, Target;

    bool returnsTo(GuestAddr A) const {
      return A == Return ||
             (IsInterrupt && (A == Target || (A >= Begin && A < Return)));
    }
  };

  /// From the end of \p From to \p To.
  void move(const Shape &From, const Shape &To);
  void call(const Shape &From, const Shape &To);
  void interrupt(const Shape &From, const Shape &To);
  /// Without a call or return.
  void go(const Shape &From, const Shape &To);
  /// \returns whether there was a frame that returns there.
  bool returnTo(const Shape &To);
  /// Arrives at \p To, where the frame that is \p Depth deep returns to.
  void leave(size_t Depth, const Shape &To);
  /// The stream begins in \p Function.
  void begin(uint32_t Function);
  void push(const Frame &F);
  void popTo(size_t Depth);
  /// The context of \p Function, called from Current at \p Site.
  uint32_t enter(uint32_t Function, GuestAddr Site, bool IsCall);

  const Program &P;
  const FunctionFinder Find;
  const uint32_t MostEdges;
  std::vector<Shape> Shapes; ///< By block.
  std::vector<Node> Nodes;
  /// Those without a parent, by function.
  llvm::DenseMap<uint32_t, uint32_t> Roots;
  std::vector<Edge> Edges;
  /// By From, Function and Site.
  llvm::DenseMap<std::pair<uint64_t, GuestAddr>, uint32_t> EdgeNumbers;
  std::vector<Frame> Stack;
  /// How many frames there are by return address, and by the caller's function.
  llvm::DenseMap<GuestAddr, uint32_t> Returns;
  llvm::DenseMap<uint32_t, uint32_t> Callers;
  uint32_t NumInterrupts = 0; ///< Frames.
  uint32_t Current = NoNode;
  uint32_t Last = NoNode; ///< The block executed last.
  uint64_t Dropped = 0;
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_CALLTREE_H
