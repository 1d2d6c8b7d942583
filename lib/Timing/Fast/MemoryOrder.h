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

#include "Timing/Fast/Archive.h"
#include "Timing/Fast/Compiler.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cassert>
#include <vector>

namespace mcad::fast {

/// Numbers of groups increase; 0 is none.
using GroupId = uint64_t;

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

  /// Groups are written by their places among those that are not gone: only
  /// their order matters. After reading, open gates count: hold() them again.
  template <typename Archive> void transfer(Archive &A) {
    uint32_t NumGroups = 0;
    if constexpr (Archive::IsReading) {
      Nodes.clear();
      FreeNode = NoNode;
      HasChanged = true;
    } else {
      forget();
      Places.resize(Next - Oldest);
      for (GroupId Id = Oldest; Id != Next; ++Id)
        Places[Id - Oldest] = group(Id).Members ? ++NumGroups : 0;
    }
    A.number(NumGroups);
    if constexpr (Archive::IsReading) {
      Oldest = Next = 1;
      while (Groups.size() < NumGroups)
        Groups.resize(2 * Groups.size());
      while (Next != NumGroups + 1)
        group(Next++) = Group();
    }
    for (GroupId Id = Oldest; Id != Next; ++Id)
      if (Archive::IsReading || group(Id).Members)
        transferGroup(A, Id);
    for (GroupId *Current : {&Load, &LoadBarrier, &Store, &StoreBarrier})
      transferId(A, *Current);
    for (auto *List : {&HeldLoads, &AllHeldLoads})
      transferList(A, *List, [&](GroupId &Id) { transferId(A, Id); });
  }
  /// Of a group that is not gone, or 0; written after transfer().
  template <typename Archive> void transferId(Archive &A, GroupId &Id) {
    if constexpr (Archive::IsReading) {
      A.number(Id);
    } else {
      assert((!Id || (Id >= Oldest && Id < Next && group(Id).Members)) &&
             "it is gone");
      A.number(Id ? Places[Id - Oldest] : 0);
    }
  }
  void hold(GroupId Id) { ++group(Id).Waiting; }

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
  template <typename Archive> void transferGroup(Archive &A, GroupId Id) {
    A.number(group(Id).Members);
    A.number(group(Id).Executing);
    uint32_t NumSuccessors = 0;
    for (uint32_t N = group(Id).Successors; N != NoNode; N = Nodes[N].Next)
      ++NumSuccessors;
    A.number(NumSuccessors);
    uint32_t Number = group(Id).Successors;
    llvm::SmallVector<Node, 8> Read;
    for (uint32_t I = 0; I != NumSuccessors; ++I) {
      Node N{0, Until::Issued, NoNode};
      if constexpr (!Archive::IsReading) {
        N = Nodes[Number];
        Number = N.Next;
      }
      transferId(A, N.Successor);
      A.number(N.U);
      if constexpr (Archive::IsReading)
        Read.push_back(N);
    }
    // Each comes to the front of the list.
    for (const Node &N : llvm::reverse(Read))
      order(Id, N.Successor, N.U);
  }
  void forget() {
    while (Oldest != Next && !group(Oldest).Members)
      ++Oldest;
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
  std::vector<uint32_t> Places; ///< From the oldest on, when last written.
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
