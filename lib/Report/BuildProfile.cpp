//===- Report/BuildProfile.cpp - who pays for the cycles ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildProfile.h"
#include "Report/InstructionText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include <map>

using namespace llvm;

namespace mcad {

namespace {

/// Cycles and instructions of a context with all that is below it.
struct Inclusive {
  uint64_t Instructions = 0, Cycles = 0;
};

class Builder {
public:
  explicit Builder(const ProfileInputs &In) : In(In) {}

  Profile build() {
    addImages();
    addCode();
    if (In.Regions)
      for (const std::string &Description : In.Regions->descriptions())
        Out.Regions.emplace_back().Description = Description;
    for (uint32_t Stream = 0; Stream != In.Accounts.size(); ++Stream) {
      addContexts(Stream);
      addToRegions(Stream);
    }
    addEntries();
    for (auto &[Key, Call] : Calls)
      Out.Calls.push_back(Call);
    addFunctions();
    append_range(Out.Problems, In.Names.problems());
    return std::move(Out);
  }

private:
  void addImages();
  void addCode();
  uint32_t placeOf(GuestAddr Address, uint32_t NumImages);
  void addContexts(uint32_t Stream);
  void addToRegions(uint32_t Stream);
  void addEntries();
  void addFunctions();

  ArrayRef<CausedCycles> byAccount(uint32_t Stream) const {
    return Stream < In.Cycles.size() ? In.Cycles[Stream].ByAccount
                                     : ArrayRef<CausedCycles>();
  }

  /// The row of a function; its index is the symbol table's until
  /// addFunctions() sorts them.
  FunctionReport &function(uint32_t Id) {
    if (Functions.size() <= Id)
      Functions.resize(Id + 1);
    return Functions[Id];
  }

  const ProfileInputs &In;
  Profile Out;
  std::vector<FunctionReport> Functions; ///< By the symbol table's index.
  std::vector<uint32_t> ImageRows;       ///< By the program's number.
  std::map<std::vector<std::pair<std::string, uint64_t>>, uint32_t> Places;
  std::map<std::tuple<uint32_t, GuestAddr, uint32_t>, CallReport> Calls;
};

} // namespace

void Builder::addImages() {
  std::map<std::tuple<std::string, std::string, GuestAddr>, uint32_t> Rows;
  for (uint32_t Id = 0; Id != In.Code.numImages(); ++Id) {
    const Image &I = In.Code.image(ImageId(Id));
    // One without a path says that another is gone.
    if (I.Path.empty()) {
      ImageRows.push_back(NoIndex);
      continue;
    }
    // One that is there again is none of its own.
    const std::string BuildId = toHex(I.BuildId, /*LowerCase=*/true);
    const auto [Known, IsNew] =
        Rows.try_emplace({I.Path, BuildId, I.LoadBias}, Out.Images.size());
    ImageRows.push_back(Known->second);
    if (IsNew)
      Out.Images.push_back({I.Path, BuildId, I.LoadBias});
  }
}

/// Lines that are the same share a place.
uint32_t Builder::placeOf(GuestAddr Address, uint32_t NumImages) {
  const std::vector<SourceFrame> Frames = In.Names.lines(Address, NumImages);
  if (Frames.empty())
    return NoIndex;
  std::vector<std::pair<std::string, uint64_t>> Key;
  for (const SourceFrame &F : Frames)
    Key.emplace_back(F.Function + '\0' + F.File,
                     uint64_t(F.Line) << 32 | F.Column);
  const auto [Known, IsNew] = Places.try_emplace(Key, Out.Places.size());
  if (IsNew) {
    SourcePlace New;
    for (const SourceFrame &F : Frames)
      New.Frames.push_back({F.Function, F.File, F.Line, F.Column});
    Out.Places.push_back(std::move(New));
  }
  return Known->second;
}

/// Instructions and blocks that were executed; those that are the same at the
/// same address of the same function, in different blocks, are one.
void Builder::addCode() {
  using Key = std::tuple<GuestAddr, std::vector<uint8_t>, FunctionId>;
  struct NumberedInstruction {
    InstructionReport Row;
    uint32_t Number = 0; ///< Once all are known.
  };
  struct BlockAndFirst {
    BlockReport Row;
    const NumberedInstruction *First = nullptr;
  };
  std::map<Key, NumberedInstruction> Instructions;
  std::map<Key, BlockAndFirst> Blocks;
  const std::unique_ptr<MCInstPrinter> Printer =
      In.Code.target().createPrinter(In.AssemblerDialect);

  const ArrayRef<uint64_t> Executions = In.Counts.blockExecutions();
  for (uint32_t Id = 0; Id != Executions.size(); ++Id) {
    if (!Executions[Id])
      continue;
    const CodeBlock &Block = In.Code.block(BlockId(Id));
    std::vector<uint8_t> Content;
    CausedCycles OfBlock = {};
    const NumberedInstruction *First = nullptr;
    uint32_t Number = Block.FirstInstruction;
    for (const CodeInstruction &I : In.Code.instructions(Block)) {
      const ArrayRef<uint8_t> Bytes = In.Code.bytes(I);
      append_range(Content, Bytes);
      const FunctionId Function =
          In.Names.functionAt(I.Address, Block.NumImages);
      NumberedInstruction &Numbered =
          Instructions[{I.Address, Bytes.vec(), Function}];
      if (!First)
        First = &Numbered;
      InstructionReport &Row = Numbered.Row;
      if (!Row.Executions) {
        Row.Address = I.Address;
        Row.Bytes = Bytes.vec();
        Row.Text = instructionText(*Printer, In.Code, Block, I);
        Row.Function = index(Function);
        Row.Place = placeOf(I.Address, Block.NumImages);
        if (const Branch B = classifyBranch(In.Code, I); B.IsDirect)
          Row.Target = B.Target;
      }
      Row.Executions += Executions[Id];
      if (Number < In.ByInstruction.size()) {
        addCycles(Row.Cycles, In.ByInstruction[Number]);
        addCycles(OfBlock, In.ByInstruction[Number]);
      }
      ++Number;
    }
    BlockAndFirst &B =
        Blocks[{Block.Address, Content, FunctionId(First->Row.Function)}];
    B.Row.Address = Block.Address;
    B.Row.NumInstructions = Block.NumInstructions;
    B.Row.Executions += Executions[Id];
    addCycles(B.Row.Cycles, OfBlock);
    B.First = First;
  }

  for (auto &[K, I] : Instructions) {
    I.Number = Out.Instructions.size();
    FunctionReport &F = function(I.Row.Function);
    F.Instructions += I.Row.Executions;
    addCycles(F.Self, I.Row.Cycles);
    Out.Instructions.push_back(std::move(I.Row));
  }
  for (auto &[K, B] : Blocks) {
    B.Row.FirstInstruction = B.First->Number;
    B.Row.Function = Out.Instructions[B.Row.FirstInstruction].Function;
    Out.Blocks.push_back(B.Row);
  }
}

void Builder::addContexts(uint32_t Stream) {
  const StreamAccounts &Of = *In.Accounts[Stream];
  const CallTree &Tree = Of.calls();
  if (Tree.nodes().empty())
    return; // It has executed nothing.
  const uint32_t Base = Out.Contexts.size();
  std::vector<CausedCycles> Self(Tree.nodes().size());
  for (const auto &[Cycles, Account] : zip(byAccount(Stream), Of.accounts()))
    addCycles(Self[Account.Context], Cycles);
  std::vector<Inclusive> Below(Tree.nodes().size());
  for (uint32_t N = 0; N != Tree.nodes().size(); ++N) {
    const CallTree::Node &Node = Tree.nodes()[N];
    ContextReport Row;
    Row.Parent = Node.Parent == CallTree::NoNode ? NoIndex : Base + Node.Parent;
    Row.Function = Node.Function;
    Row.Stream = Stream;
    Row.Site = Node.Site;
    Row.Calls = Node.Beginnings;
    Row.Instructions = Node.Instructions;
    Row.Self = Self[N];
    Below[N] = {Row.Instructions, totalCycles(Row.Self)};
    Out.Contexts.push_back(Row);
  }
  // Parents come before children: from the back, children are complete.
  for (uint32_t N = Below.size(); N-- > 1;) {
    const uint32_t Parent = Tree.nodes()[N].Parent;
    if (Parent == CallTree::NoNode)
      continue;
    Below[Parent].Instructions += Below[N].Instructions;
    Below[Parent].Cycles += Below[N].Cycles;
  }
  // No function is on the way to itself twice.
  for (uint32_t N = 0; N != Below.size(); ++N) {
    FunctionReport &F = function(Tree.nodes()[N].Function);
    F.InclusiveInstructions += Below[N].Instructions;
    F.InclusiveCycles += Below[N].Cycles;
    F.Calls += Tree.nodes()[N].Beginnings;
  }
  for (const CallTree::Edge &E : Tree.edges()) {
    const CallTree::Node &To = Tree.nodes()[E.To];
    const uint32_t Caller = Tree.nodes()[E.From].Function;
    CallReport &Call = Calls[{Caller, E.Site, To.Function}];
    Call.Caller = Caller;
    Call.Callee = To.Function;
    Call.Site = E.Site;
    Call.Calls += E.Calls;
    function(To.Function).Calls += E.Calls;
    // Else it is recursion.
    const bool IsChild = To.Parent == E.From && To.Site == E.Site;
    if (!IsChild)
      continue;
    Out.Contexts[Base + E.To].Calls += E.Calls;
    Call.Instructions += Below[E.To].Instructions;
    Call.Cycles += Below[E.To].Cycles;
  }
  if (Tree.numDropped())
    Out.Problems.push_back(
        ("stream " + Twine(Stream) + ": " + Twine(Tree.numDropped()) +
         " calls are not told apart from their callers: there are more than " +
         Twine(Tree.edges().size()) + " calling contexts")
            .str());
}

void Builder::addToRegions(uint32_t Stream) {
  const StreamAccounts &Of = *In.Accounts[Stream];
  for (const auto &[Set, Count] :
       zip_equal(Of.regionSets(), Of.instructionsBySet()))
    for (const uint32_t Region : Set)
      Out.Regions[Region].Instructions += Count;
  for (const uint32_t Region : Of.open())
    ++Out.Regions[Region].OpenEntries;
  for (const auto &[Cycles, Account] : zip(byAccount(Stream), Of.accounts())) {
    const StreamAccounts::RegionSet &Open = Of.regionSets()[Account.Regions];
    for (const uint32_t Region : Open)
      addCycles(Out.Regions[Region].Cycles, Cycles);
    addCycles(Open.empty() ? Out.Outside : Out.Regions[Open.back()].Self,
              Cycles);
  }
}

/// What all streams' entries have in common.
void Builder::addEntries() {
  for (uint32_t Region = 0; Region != Out.Regions.size(); ++Region) {
    SmallVector<const RegionEntries *> ByStream;
    for (const StreamCycles &S : In.Cycles)
      if (Region < S.ByRegion.size())
        ByStream.push_back(&S.ByRegion[Region]);
    setEntries(Out.Regions[Region], ByStream);
  }
}

/// Names those that were executed, sorts them, and renumbers what names them.
void Builder::addFunctions() {
  std::vector<uint32_t> Order;
  for (uint32_t Id = 0; Id != Functions.size(); ++Id) {
    FunctionReport &F = Functions[Id];
    if (!F.Instructions && !F.Calls && !F.InclusiveInstructions)
      continue;
    const Function &Symbol = In.Names.function(FunctionId(Id));
    F.Name = Symbol.DemangledName;
    F.LinkName = Symbol.Name;
    F.Image = Symbol.InImage ? ImageRows[index(*Symbol.InImage)] : NoIndex;
    F.Address = Symbol.Address;
    F.SizeBytes = Symbol.SizeBytes;
    Order.push_back(Id);
  }
  stable_sort(Order, [&](uint32_t A, uint32_t B) {
    return Functions[A].Address < Functions[B].Address;
  });
  std::vector<uint32_t> Now(Functions.size(), NoIndex);
  for (const uint32_t Id : Order) {
    Now[Id] = Out.Functions.size();
    Out.Functions.push_back(std::move(Functions[Id]));
  }
  for (InstructionReport &I : Out.Instructions)
    I.Function = Now[I.Function];
  for (BlockReport &B : Out.Blocks)
    B.Function = Now[B.Function];
  for (ContextReport &C : Out.Contexts)
    C.Function = Now[C.Function];
  for (CallReport &C : Out.Calls) {
    C.Caller = Now[C.Caller];
    C.Callee = Now[C.Callee];
  }
}

Profile buildProfile(const ProfileInputs &In) { return Builder(In).build(); }

void setEntries(RegionReport &R, ArrayRef<const RegionEntries *> ByStream) {
  std::map<uint64_t, uint64_t> TimesByCycles;
  for (const RegionEntries *Entries : ByStream)
    for (const auto &[Cycles, Times] : *Entries)
      TimesByCycles[Cycles] += Times;
  for (const auto &[Cycles, Times] : TimesByCycles) {
    R.Entries += Times;
    R.EntryCycles += Cycles * Times;
    // A bucket for each power of two, and for none.
    const uint64_t From = bit_floor(Cycles);
    if (R.Histogram.empty() || R.Histogram.back().From != From)
      R.Histogram.push_back({From, From ? 2 * From : 1, 0});
    R.Histogram.back().Entries += Times;
  }
  if (!R.Entries)
    return;
  // The smallest that so many of a hundred entries do not exceed.
  const auto percentile = [&](uint64_t Percent) {
    uint64_t Wanted = (R.Entries * Percent + 99) / 100;
    for (const auto &[Cycles, Times] : TimesByCycles) {
      if (Wanted <= Times)
        return Cycles;
      Wanted -= Times;
    }
    return TimesByCycles.rbegin()->first;
  };
  R.Minimum = TimesByCycles.begin()->first;
  R.Median = percentile(50);
  R.Percentile90 = percentile(90);
  R.Maximum = TimesByCycles.rbegin()->first;
}

} // namespace mcad
