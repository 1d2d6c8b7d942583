//===- Timing/Fast/MemoryOrder.h - loads and stores in order -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which loads and stores wait for which others: the memory groups of
/// mca::LSUnit, and of this project's MemoryUnit with its held loads.
///
/// A group is a store, or loads that are not ordered among each other. It
/// follows others: one kind of successor waits until the group has issued, the
/// other until it has executed.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_MEMORYORDER_H
#define MCAD_TIMING_FAST_MEMORYORDER_H

#include "Timing/Fast/Compiler.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace mcad::fast {

/// Numbers of groups increase; 0 is none.
using GroupId = uint32_t;

class MemoryOrder {
public:
  /// \p LoadsPassStores: no load waits for an older store.
  explicit MemoryOrder(bool LoadsPassStores)
      : LoadsPassStores(LoadsPassStores), Groups(64) {}

  /// The group of a load or store that comes next. \p IsHeld: it waits for
  /// something else, until open().
  GroupId add(const InstructionTiming &T, bool IsHeld);
  void open(GroupId Id) { stopWaiting(Id); }

  /// Waits for a group that has not issued.
  bool isWaiting(GroupId Id) const { return group(Id).Waiting; }
  bool isReady(GroupId Id) const {
    return !group(Id).Waiting && !group(Id).Running;
  }
  bool hasSuccessors(GroupId Id) const {
    return group(Id).Successors != NoNode;
  }

  void issued(GroupId Id);
  void executed(GroupId Id);

  /// Whether a group has become ready, or has stopped to wait, since asked
  /// last.
  bool takeChanged() { return std::exchange(HasChanged, false); }

private:
  static constexpr uint32_t NoNode = ~0u;
  struct Group {
    uint32_t Members = 0;   ///< Not executed.
    uint32_t Executing = 0; ///< Of the members.
    uint32_t Waiting = 0;   ///< Predecessors that have not issued.
    uint32_t Running = 0;   ///< That have, and that it waits for.
    uint32_t Successors = NoNode;

    /// All of it has issued.
    bool isExecuting() const { return Executing && Executing == Members; }
  };
  enum class Until : bool { Issued, Executed };
  struct Node {
    GroupId Successor;
    Until U;
    uint32_t Next;
  };

  Group &group(GroupId Id) { return Groups[Id & (Groups.size() - 1)]; }
  const Group &group(GroupId Id) const {
    return Groups[Id & (Groups.size() - 1)];
  }
  GroupId newGroup();
  void order(GroupId Earlier, GroupId Later, Until U);
  GroupId addStore(const InstructionTiming &T);
  GroupId addLoad(const InstructionTiming &T, bool IsHeld);
  void stopWaiting(GroupId Id) {
    if (!--group(Id).Waiting)
      HasChanged = true;
  }

  const bool LoadsPassStores;
  std::vector<Group> Groups; ///< A ring by id; those without members are gone.
  GroupId Next = 1, Oldest = 1;
  std::vector<Node> Nodes;
  uint32_t FreeNode = NoNode;
  bool HasChanged = false;

  // The last group of each kind, if it is not gone.
  GroupId Load = 0, LoadBarrier = 0, Store = 0, StoreBarrier = 0;
  /// Groups of held loads since the last store; they are never Load.
  llvm::SmallVector<GroupId, 8> HeldLoads;
  llvm::SmallVector<GroupId, 8> AllHeldLoads;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_MEMORYORDER_H
