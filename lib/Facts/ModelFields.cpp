//===- Facts/ModelFields.cpp - the keys of a machine model --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/ModelFields.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace mcad {

namespace {
using Kind = ModelField::Kind;

constexpr StringRef ReplacementNames[] = {"lru", "plru", "random"};
constexpr StringRef PredictorNames[] = {"none", "last-direction", "bimodal",
                                        "gshare", "tage"};

/// M.*First.*Second...; the members of a path are pointers to members.
template <auto First, auto... Rest, typename Struct>
constexpr auto &at(Struct &S) {
  if constexpr (sizeof...(Rest) == 0)
    return S.*First;
  else
    return at<Rest...>(S.*First);
}

template <auto... Path>
constexpr ModelField field(StringRef Key, Kind How, uint64_t Min, uint64_t Max,
                           StringRef Meaning, ArrayRef<StringRef> Names = {}) {
  return {Key,
          How,
          Min,
          Max,
          Names,
          Meaning,
          [](const MachineModel &M) {
            return static_cast<uint64_t>(at<Path...>(M));
          },
          [](MachineModel &M, uint64_t Value) {
            auto &Member = at<Path...>(M);
            Member =
                static_cast<std::remove_reference_t<decltype(Member)>>(Value);
          }};
}

template <auto... Path>
constexpr ModelField number(StringRef Key, uint64_t Max, StringRef Meaning,
                            uint64_t Min = 0) {
  return field<Path...>(Key, Kind::Number, Min, Max, Meaning);
}
template <auto... Path>
constexpr ModelField size(StringRef Key, uint64_t Min, uint64_t Max,
                          StringRef Meaning) {
  return field<Path...>(Key, Kind::SizeBytes, Min, Max, Meaning);
}
template <auto... Path>
constexpr ModelField boolean(StringRef Key, StringRef Meaning) {
  return field<Path...>(Key, Kind::Boolean, 0, 1, Meaning);
}
template <auto... Path> constexpr ModelField replacement(StringRef Key) {
  return field<Path...>(Key, Kind::Choice, 0, std::size(ReplacementNames) - 1,
                        "which line of a set is replaced", ReplacementNames);
}

// Latencies stay below 2^14, so that a sum of some fits the engine's 16 bits.
constexpr uint64_t MaxLatency = (1 << 14) - 1;
constexpr uint64_t MaxCache = 1u << 30;
constexpr uint64_t MaxTable = 1u << 20;
/// Of one cache; each takes some 40 bytes of the analyser's memory.
constexpr uint32_t MaxLines = 1u << 23;

using M = MachineModel;
using C = CacheLevel;
using D = DataSide;
using T = Translation;
using B = BranchPrediction;

constexpr StringRef CacheSize = "size of the cache, 0 for none";
constexpr StringRef CacheWays = "ways of a set";
constexpr StringRef CacheLine = "size of a line";
constexpr StringRef NextLines = "lines fetched ahead on a miss";
constexpr StringRef LevelLatency = "cycles from a load that hits here to the "
                                   "use of its value";
constexpr StringRef Inclusive = "what leaves it leaves the levels above too";
constexpr StringRef Shared = "one for all threads, else one for each";
constexpr StringRef TlbEntries = "pages it knows, 0 for none";

const ModelField Fields[] = {
    size<&M::L1I, &C::SizeBytes>("l1i.size", 0, MaxCache, CacheSize),
    number<&M::L1I, &C::Ways>("l1i.ways", 1024, CacheWays),
    size<&M::L1I, &C::LineBytes>("l1i.line", 0, 4096, CacheLine),
    replacement<&M::L1I, &C::Policy>("l1i.replacement"),
    number<&M::L1I, &C::NextLinePrefetch>("l1i.next_line_prefetch", 16,
                                          NextLines),

    size<&M::L1D, &C::SizeBytes>("l1d.size", 0, MaxCache, CacheSize),
    number<&M::L1D, &C::Ways>("l1d.ways", 1024, CacheWays),
    size<&M::L1D, &C::LineBytes>("l1d.line", 0, 4096, CacheLine),
    replacement<&M::L1D, &C::Policy>("l1d.replacement"),
    number<&M::L1D, &C::LatencyCycles>("l1d.latency", MaxLatency, LevelLatency),
    number<&M::Data, &D::SplitPenaltyCycles>(
        "l1d.split_penalty", MaxLatency,
        "more cycles for an access that straddles two lines"),
    number<&M::Data, &D::Mshrs>("l1d.mshrs", 1024,
                                "misses at a time, 0 for no limit"),
    number<&M::L1D, &C::NextLinePrefetch>("l1d.next_line_prefetch", 16,
                                          NextLines),
    number<&M::Data, &D::StridePrefetch>(
        "l1d.stride_prefetch", 64,
        "strides that a prefetcher by instruction address is ahead, 0 for "
        "none"),
    number<&M::Data, &D::StrideEntries>("l1d.stride_entries", MaxTable,
                                        "instructions it follows"),

    size<&M::L2, &C::SizeBytes>("l2.size", 0, MaxCache, CacheSize),
    number<&M::L2, &C::Ways>("l2.ways", 1024, CacheWays),
    size<&M::L2, &C::LineBytes>("l2.line", 0, 4096, CacheLine),
    replacement<&M::L2, &C::Policy>("l2.replacement"),
    number<&M::L2, &C::LatencyCycles>("l2.latency", MaxLatency, LevelLatency),
    boolean<&M::L2, &C::IsInclusive>("l2.inclusive", Inclusive),
    boolean<&M::L2, &C::IsShared>("l2.shared", Shared),
    number<&M::L2, &C::NextLinePrefetch>("l2.next_line_prefetch", 16,
                                         NextLines),

    size<&M::L3, &C::SizeBytes>("l3.size", 0, MaxCache, CacheSize),
    number<&M::L3, &C::Ways>("l3.ways", 1024, CacheWays),
    size<&M::L3, &C::LineBytes>("l3.line", 0, 4096, CacheLine),
    replacement<&M::L3, &C::Policy>("l3.replacement"),
    number<&M::L3, &C::LatencyCycles>("l3.latency", MaxLatency, LevelLatency),
    boolean<&M::L3, &C::IsInclusive>("l3.inclusive", Inclusive),
    boolean<&M::L3, &C::IsShared>("l3.shared", Shared),

    number<&M::MemoryLatencyCycles>(
        "memory.latency", MaxLatency,
        "cycles from a load that hits nowhere to the use of its value"),

    size<&M::Tlbs, &T::PageBytes>("page.size", 512, 1u << 30,
                                  "what a TLB entry covers"),
    number<&M::Tlbs, &T::Instruction, &TlbLevel::Entries>("itlb.entries",
                                                          MaxTable, TlbEntries),
    number<&M::Tlbs, &T::Instruction, &TlbLevel::Ways>("itlb.ways", 1024,
                                                       CacheWays),
    number<&M::Tlbs, &T::Data, &TlbLevel::Entries>("dtlb.entries", MaxTable,
                                                   TlbEntries),
    number<&M::Tlbs, &T::Data, &TlbLevel::Ways>("dtlb.ways", 1024, CacheWays),
    number<&M::Tlbs, &T::Second, &TlbLevel::Entries>("l2tlb.entries", MaxTable,
                                                     TlbEntries),
    number<&M::Tlbs, &T::Second, &TlbLevel::Ways>("l2tlb.ways", 1024,
                                                  CacheWays),
    number<&M::Tlbs, &T::SecondLatencyCycles>(
        "l2tlb.latency", MaxLatency,
        "cycles that a miss of the first TLB adds if this one hits"),
    number<&M::Tlbs, &T::WalkLatencyCycles>("walk.latency", MaxLatency,
                                            "cycles that a page walk adds"),

    number<&M::Data, &D::ForwardLatencyCycles>(
        "store.forward_latency", MaxLatency,
        "cycles from a store's execution to the use of its value by a load"),
    number<&M::Data, &D::PartialPenaltyCycles>(
        "store.partial_penalty", MaxLatency,
        "more cycles if no single store holds all of a load's bytes"),

    field<&M::Branches, &B::Kind>("branch.predictor", Kind::Choice, 0,
                                  std::size(PredictorNames) - 1,
                                  "how directions are predicted; none: nothing "
                                  "is mispredicted",
                                  PredictorNames),
    number<&M::Branches, &B::TableEntries>(
        "branch.table_entries", MaxTable,
        "counters of the predictor, or of TAGE's base table"),
    number<&M::Branches, &B::HistoryBits>(
        "branch.history", 1024, "bits of global history, of TAGE the longest"),
    number<&M::Branches, &B::TaggedTables>("branch.tagged_tables", 12,
                                           "tagged tables of TAGE"),
    number<&M::Branches, &B::TaggedEntries>("branch.tagged_entries", 1u << 16,
                                            "entries in each of them"),
    number<&M::Branches, &B::PenaltyCycles>(
        "branch.penalty", MaxLatency,
        "cycles from the execution of a mispredicted branch to the dispatch of "
        "the right path"),
    number<&M::Branches, &B::TakenPenaltyCycles>(
        "branch.taken_penalty", MaxLatency,
        "the same for every taken branch, on cores that predict nothing"),
    number<&M::Branches, &B::BtbEntries>(
        "btb.entries", MaxTable, "branch targets known, 0 for all of them"),
    number<&M::Branches, &B::BtbWays>("btb.ways", 1024, CacheWays),
    number<&M::Branches, &B::BtbPenaltyCycles>(
        "btb.penalty", MaxLatency,
        "cycles of fetch lost at a taken direct branch that it does not know"),
    number<&M::Branches, &B::ReturnStackEntries>(
        "ras.entries", 1024, "return addresses kept, 0 for no such stack"),
    number<&M::Branches, &B::IndirectEntries>(
        "indirect.entries", MaxTable,
        "entries of the predictor of indirect targets, 0 for the BTB's last "
        "target"),
    number<&M::Branches, &B::IndirectHistoryBits>(
        "indirect.history", 64, "bits of path history that it looks at"),

    number<&M::FetchQueue>("fetch.queue", 1024,
                           "instructions that can wait between fetch and "
                           "dispatch",
                           1),
    number<&M::ReplacementSeed>("replacement.seed", 0xffffffff,
                                "of the replacement \"random\""),
};
} // namespace

ArrayRef<ModelField> modelFields() { return Fields; }

const ModelField *findModelField(StringRef Key) {
  const ModelField *Field = find_if(Fields, [&](const ModelField &Candidate) {
    return Candidate.Key == Key;
  });
  return Field == std::end(Fields) ? nullptr : Field;
}

/// \p Text as a size: digits and K, M or G.
static bool parseSize(StringRef Text, uint64_t &Value) {
  uint64_t Unit = 1;
  switch (Text.empty() ? 0 : Text.back()) {
  case 'K':
    Unit = 1 << 10;
    break;
  case 'M':
    Unit = 1 << 20;
    break;
  case 'G':
    Unit = 1 << 30;
    break;
  }
  if (Unit != 1)
    Text = Text.drop_back();
  if (Text.getAsInteger(10, Value) || Value > ~uint64_t(0) / Unit)
    return false;
  Value *= Unit;
  return true;
}

Error setModelField(MachineModel &M, StringRef Key, StringRef Value) {
  const ModelField *Field = findModelField(Key);
  if (!Field)
    return createStringError(
        Key + ": no parameter of a model: -model=help lists them");
  auto refuse = [&](const Twine &Reason) {
    return createStringError(Key + ": '" + Value + "' " + Reason);
  };
  uint64_t Number = 0;
  switch (Field->How) {
  case Kind::Choice: {
    const StringRef *Name = find(Field->Names, Value);
    if (Name == Field->Names.end())
      return refuse("is none of " + join(Field->Names, ", "));
    Number = Name - Field->Names.begin();
    break;
  }
  case Kind::Boolean:
    if (Value != "true" && Value != "false")
      return refuse("is neither true nor false");
    Number = Value == "true";
    break;
  case Kind::SizeBytes:
    if (!parseSize(Value, Number))
      return refuse("is not a size in bytes, like 32768 or 32K");
    break;
  case Kind::Number:
    if (Value.getAsInteger(10, Number))
      return refuse("is not a whole number");
    break;
  }
  if (Number < Field->Min || Number > Field->Max)
    return refuse(
        formatv("is not between {0} and {1}", Field->Min, Field->Max).str());
  Field->set(M, Number);
  return Error::success();
}

std::string modelFieldText(const ModelField &Field, const MachineModel &M) {
  const uint64_t Value = Field.get(M);
  switch (Field.How) {
  case Kind::Choice:
    return Field.Names[Value].str();
  case Kind::Boolean:
    return Value ? "true" : "false";
  case Kind::SizeBytes:
    for (auto [Shift, Letter] : {std::pair(30, 'G'), {20, 'M'}, {10, 'K'}})
      if (Value && Value % (uint64_t(1) << Shift) == 0)
        return std::to_string(Value >> Shift) + Letter;
    return std::to_string(Value);
  case Kind::Number:
    return std::to_string(Value);
  }
  llvm_unreachable("all kinds are above");
}

static Error broken(const Twine &Key, const Twine &Reason) {
  return createStringError(Key + ": " + Reason);
}

/// \p Total places in sets of \p Ways: a power of two of sets.
static Error checkSets(StringRef Total, uint64_t Places, StringRef WaysKey,
                       uint64_t Ways) {
  if (!Ways)
    return broken(WaysKey, "a set needs at least one way");
  if (Places % Ways)
    return broken(WaysKey, Twine(Ways) + " ways do not divide the " +
                               Twine(Places) + " places of " + Total);
  if (!isPowerOf2_64(Places / Ways))
    return broken(Total, Twine(Places / Ways) +
                             " sets are not a power of two, which the index "
                             "needs");
  return Error::success();
}

static Error checkCache(StringRef Name, const CacheLevel &Level) {
  if (!Level.isPresent())
    return Error::success();
  const std::string Size = (Name + ".size").str();
  const std::string Line = (Name + ".line").str();
  if (!isPowerOf2_32(Level.LineBytes) || Level.LineBytes < 4)
    return broken(Line, Twine(Level.LineBytes) +
                            " bytes are not a power of two of at least 4");
  if (Level.SizeBytes % Level.LineBytes)
    return broken(Size, Twine(Level.SizeBytes) +
                            " bytes are not a multiple of the line's " +
                            Twine(Level.LineBytes));
  if (Level.SizeBytes / Level.LineBytes > MaxLines)
    return broken(Size, Twine(Level.SizeBytes / Level.LineBytes) +
                            " lines are more than the " + Twine(MaxLines) +
                            " that are simulated");
  if (Error E = checkSets(Size, Level.SizeBytes / Level.LineBytes,
                          (Name + ".ways").str(), Level.Ways))
    return E;
  if (Level.Policy == Replacement::Plru &&
      (!isPowerOf2_32(Level.Ways) || Level.Ways > 64))
    return broken(Name + ".replacement",
                  "plru needs a power of two of at most 64 ways, not " +
                      Twine(Level.Ways));
  return Error::success();
}

static Error checkTlb(StringRef Name, const TlbLevel &Level) {
  if (!Level.Entries)
    return Error::success();
  return checkSets((Name + ".entries").str(), Level.Entries,
                   (Name + ".ways").str(), Level.Ways);
}

static Error checkPowerOf2(StringRef Key, uint64_t Value) {
  if (isPowerOf2_64(Value))
    return Error::success();
  return broken(Key,
                Twine(Value) + " is not a power of two, which the index needs");
}

static Error checkLevels(const MachineModel &M) {
  struct {
    StringRef Name;
    const CacheLevel &Level;
  } Levels[] = {{"l1d", M.L1D}, {"l2", M.L2}, {"l3", M.L3}};
  for (const auto &L : Levels)
    if (Error E = checkCache(L.Name, L.Level))
      return E;
  if (Error E = checkCache("l1i", M.L1I))
    return E;
  if (M.L3.isPresent() && !M.L2.isPresent())
    return broken("l3.size", "a third level needs a second, see l2.size");
  if (M.L2.isPresent() && M.L2.IsShared && M.L3.isPresent() && !M.L3.IsShared)
    return broken("l3.shared", "what is behind a shared level is shared: true");

  StringRef Above = "l1d";
  uint32_t AboveLatency = M.L1D.LatencyCycles;
  uint32_t AboveLine = std::max(M.L1I.isPresent() ? M.L1I.LineBytes : 0,
                                M.L1D.isPresent() ? M.L1D.LineBytes : 0);
  for (const auto &L : drop_begin(Levels)) {
    if (!L.Level.isPresent())
      continue;
    if (L.Level.LatencyCycles < AboveLatency)
      return broken(L.Name + ".latency",
                    Twine(L.Level.LatencyCycles) + " cycles are less than " +
                        Above + ".latency, " + Twine(AboveLatency));
    if (L.Level.LineBytes < AboveLine)
      return broken(L.Name + ".line",
                    "lines are shorter than those of the level above, " +
                        Twine(AboveLine) + " bytes");
    Above = L.Name;
    AboveLatency = L.Level.LatencyCycles;
    AboveLine = L.Level.LineBytes;
  }
  if (M.MemoryLatencyCycles < AboveLatency)
    return broken("memory.latency", Twine(M.MemoryLatencyCycles) +
                                        " cycles are less than " + Above +
                                        ".latency, " + Twine(AboveLatency));
  return Error::success();
}

static Error checkBranches(const BranchPrediction &Branches) {
  if (Branches.BtbEntries)
    if (Error E = checkSets("btb.entries", Branches.BtbEntries, "btb.ways",
                            Branches.BtbWays))
      return E;
  if (Branches.IndirectEntries)
    if (Error E = checkPowerOf2("indirect.entries", Branches.IndirectEntries))
      return E;
  if (Branches.Kind == PredictorKind::None)
    return Error::success();
  if (Error E = checkPowerOf2("branch.table_entries", Branches.TableEntries))
    return E;
  if (Branches.Kind == PredictorKind::Gshare && Branches.HistoryBits > 64)
    return broken("branch.history", "gshare looks at 64 bits at most");
  if (Branches.Kind == PredictorKind::Tage) {
    if (!Branches.TaggedTables)
      return broken("branch.tagged_tables", "tage needs at least one");
    if (Error E =
            checkPowerOf2("branch.tagged_entries", Branches.TaggedEntries))
      return E;
    if (Branches.TaggedEntries < 16)
      return broken("branch.tagged_entries", "tage needs at least 16");
    if (Branches.HistoryBits < 4 * Branches.TaggedTables)
      return broken("branch.history", "tage needs at least 4 bits for each of "
                                      "its tagged tables");
  }
  return Error::success();
}

Error checkModel(const MachineModel &M) {
  if (Error E = checkLevels(M))
    return E;
  if (M.Data.StridePrefetch)
    if (Error E = checkPowerOf2("l1d.stride_entries", M.Data.StrideEntries))
      return E;
  if (Error E = checkPowerOf2("page.size", M.Tlbs.PageBytes))
    return E;
  if (Error E = checkTlb("itlb", M.Tlbs.Instruction))
    return E;
  if (Error E = checkTlb("dtlb", M.Tlbs.Data))
    return E;
  if (Error E = checkTlb("l2tlb", M.Tlbs.Second))
    return E;
  return checkBranches(M.Branches);
}

} // namespace mcad
