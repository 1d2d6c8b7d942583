//===- DifferentialTest.cpp - engines differ in no number -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random sequences (RandomCode.h) on every CPU that LLVM models, through the
// reference in one batch and through the tested engine in many. All counters
// are compared, and the times of all instructions of some stretch. What fails
// is made smaller for as long as it fails, and printed as a listing.
//
// By default a few sequences for each CPU. The environment says otherwise:
//   MCAD_RANDOM_CPU=<cpu>   this one only
//   MCAD_RANDOM_EVERY=<n>   the first of every n CPUs only
//   MCAD_RANDOM_SEED=<n>    from this seed on (default 0)
//   MCAD_RANDOM_COUNT=<n>   so many seeds
//
// Each run is a process of its own: one that crashes is a finding like another.
//
//===----------------------------------------------------------------------===//

#include "../Target/MakeTarget.h"
#include "SequenceRun.h"
#include "Timing/Fast/FastEngine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"
#include <chrono>
#include <functional>
#include <numeric>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// How the fast engine, which must count what LLVMEngine counts, remembers.
struct Remembering {
  const char *Name;
  Memoization Memory;
};
const Remembering Ways[] = {
    {"with memory", {}},
    {"without memory", {/*IsOn=*/false, 0}},
    // So little that it is used up after a few dozen blocks.
    {"with little memory", {/*IsOn=*/true, size_t(128) << 10}},
    {"with pauses", {.LossNanoseconds = 10'000, .ReviewBlocks = 3}},
};

std::unique_ptr<TimingEngine> makeReference(const Program &P, Lowering &L,
                                            const PipelineOverrides &Overrides,
                                            Surroundings Around) {
  return std::make_unique<LLVMEngine>(P, L, Overrides,
                                      LLVMEngine::Detail::Totals, Around);
}

//===--- one run ----------------------------------------------------------===//

/// What is different; "" if nothing is. Calls \p Progress before each engine
/// runs, with R for the reference and T for the tested one. In a child.
std::string compare(const Sequence &S, function_ref<void(char)> Progress) {
  // A model that stalls takes some seconds, under sanitizers as well.
  constexpr unsigned TimeoutSeconds = 100;
  ::alarm(TimeoutSeconds);
  const Target &T = target(S.Cpu.Triple, S.Cpu.Cpu);
  Program P(T);
  const std::vector<BlockId> Ids = define(S, P);
  Lowering L(T, std::nullopt);
  MachineModel Model;
  Model.FetchQueue = S.FetchQueue;
  const Surroundings Around{S.HasModel ? &Model : nullptr, S.HasAddresses};

  Progress('R');
  auto Reference = makeReference(P, L, S.Overrides, Around);
  const std::string Expected = toString(feed(*Reference, S, Ids, Batches::One));
  Progress('T');
  for (const Remembering &Way : Ways) {
    FastEngine Tested(P, L, S.Overrides, TimingEngine::Detail::Totals, Around,
                      Way.Memory);
    const std::string Got = toString(feed(Tested, S, Ids, Batches::AsCut));
    std::string Why;
    if (Expected.empty() && Got.empty())
      Why = difference(*Reference, Tested);
    // What each counts until it gives up may differ.
    else if (Expected.empty() != Got.empty())
      Why = "errors: the reference's: " + Expected + ", tested: " + Got + "\n";
    if (!Why.empty())
      return std::string(Way.Name) + ":\n" + Why;
  }
  return "";
}

struct Verdict {
  enum { Same, Different, ReferenceDied } Is = Same;
  std::string Why;
};

/// What \p Run writes in a process of its own; \p Status: how that ended.
std::string inChild(function_ref<void(raw_ostream &)> Run, int &Status) {
  int Ends[2];
  if (::pipe(Ends))
    report_fatal_error("no pipe");
  const pid_t Child = ::fork();
  if (Child == 0) {
    ::close(Ends[0]);
    raw_fd_ostream Out(Ends[1], /*shouldClose=*/true, /*unbuffered=*/true);
    Run(Out);
    ::_exit(0);
  }
  ::close(Ends[1]);
  std::string Written;
  char Buffer[4096];
  for (ssize_t N; (N = ::read(Ends[0], Buffer, sizeof(Buffer))) > 0;)
    Written.append(Buffer, N);
  ::close(Ends[0]);
  ::waitpid(Child, &Status, 0);
  return Written;
}

Verdict judge(const Sequence &S) {
  int Status = 0;
  std::string Said = inChild(
      [&](raw_ostream &Out) {
        Out << compare(S, [&](char Step) { Out << Step; });
      },
      Status);
  const std::string End = formatv("died: wait status {0}\n", Status);
  if (!StringRef(Said).starts_with("RT"))
    return {Verdict::ReferenceDied, "the reference " + End};
  if (Status)
    return {Verdict::Different, "the tested engine " + End};
  Said.erase(0, 2);
  return {Said.empty() ? Verdict::Same : Verdict::Different, Said};
}

struct Suspect {
  uint32_t Seed;
  bool ReferenceDied;
};

/// The first seed from \p First on, and before \p Last, whose sequence is worth
/// a verdict; \p Last if there is none. In one process, since most are the
/// same and one for each would take longer than the engines.
Suspect firstSuspect(const CpuCode &Code, uint32_t First, uint32_t Last) {
  int Status = 0;
  const std::string Said = inChild(
      [&](raw_ostream &Out) {
        auto progress = [&](char Step) { Out << Step; };
        for (uint32_t Seed = First; Seed != Last; ++Seed) {
          if (!compare(Code.sequence(Seed), progress).empty())
            return;
          Out << "=";
        }
      },
      Status);
  return {First + static_cast<uint32_t>(count(Said, '=')),
          Status && !StringRef(Said).ends_with("T")};
}

//===--- shrinking --------------------------------------------------------===//

/// Makes a sequence smaller as long as the verdict on it stays.
class Shrinker {
  Sequence &S;
  Verdict &V;
  const std::chrono::steady_clock::time_point End =
      std::chrono::steady_clock::now() + std::chrono::seconds(30);

  bool keep(Sequence Smaller) {
    if (std::chrono::steady_clock::now() > End)
      return false;
    Verdict New = judge(Smaller);
    if (New.Is != V.Is)
      return false;
    S = std::move(Smaller);
    V = std::move(New);
    return true;
  }

  /// Leaves out runs of elements of a list, long ones first.
  void thin(function_ref<size_t(const Sequence &)> Size,
            function_ref<void(Sequence &, size_t First, size_t Last)> Erase) {
    for (size_t Run = Size(S); Run; Run /= 2)
      for (size_t First = 0; First < Size(S);) {
        Sequence Smaller = S;
        Erase(Smaller, First, std::min(First + Run, Size(S)));
        if (!keep(std::move(Smaller)))
          First += Run;
      }
  }
  template <typename List>
  static void eraseRun(List &Items, size_t First, size_t Last) {
    Items.erase(Items.begin() + First, Items.begin() + Last);
  }

  static void eraseInstructions(Sequence &S, uint32_t Block, size_t First,
                                size_t Last) {
    eraseRun(S.Blocks[Block], First, Last);
    for (ExecutedBlock &E : S.Executions) {
      if (E.Block != Block)
        continue;
      erase_if(E.Facts, [&](const FactsRow &Row) {
        return Row.Facts.At >= First && Row.Facts.At < Last;
      });
      for (FactsRow &Row : E.Facts)
        if (Row.Facts.At >= Last)
          Row.Facts.At -= Last - First;
    }
    if (S.Blocks[Block].empty())
      erase_if(S.Executions,
               [&](const ExecutedBlock &E) { return E.Block == Block; });
  }

  template <typename Change> void simplify(Change C) {
    Sequence Simpler = S;
    C(Simpler);
    keep(std::move(Simpler));
  }
  void simplifyFacts() {
    for (size_t I = 0; I != S.Executions.size(); ++I) {
      thin([&](const Sequence &S) { return S.Executions[I].Facts.size(); },
           [&](Sequence &S, size_t First, size_t Last) {
             eraseRun(S.Executions[I].Facts, First, Last);
           });
      for (size_t J = 0; J != S.Executions[I].Facts.size(); ++J) {
        auto row = [=](auto &S) -> auto & { return S.Executions[I].Facts[J]; };
        thin([&](const Sequence &S) { return row(S).Waits.size(); },
             [&](Sequence &S, size_t First, size_t Last) {
               eraseRun(row(S).Waits, First, Last);
             });
        if (row(S).Facts.AwaitsBranch)
          simplify([&](Sequence &S) { row(S).Facts.AwaitsBranch = false; });
        for (auto [Name, Cycles] : CyclesFields)
          if (row(S).Facts.*Cycles)
            simplify([&](Sequence &S) {
              InstructionFacts &F = row(S).Facts;
              F.*Cycles = 0;
              if (!F.LoadCycles) // Those two are parts of it.
                F.TlbCycles = F.SplitCycles = 0;
            });
      }
    }
  }
  void simplifySettings() {
    simplify([](Sequence &S) { S.HasModel = S.HasAddresses = false; });
    simplify([](Sequence &S) { S.HasAddresses = false; });
    simplify([](Sequence &S) { S.FetchQueue = 1; });
    simplify([](Sequence &S) { S.Overrides = {}; });
    for (auto [Option, Size] : Sizes)
      simplify([&](Sequence &S) { S.Overrides.*Size = 0; });
    simplify([](Sequence &S) { S.Overrides.AssumeNoAlias = true; });
    simplify([](Sequence &S) { S.Watched = {}; });
    for (const auto Then :
         {ExecutedBlock::Then::EndsBatch, ExecutedBlock::Then::Restarts})
      simplify([&](Sequence &S) {
        for (ExecutedBlock &E : S.Executions)
          if (E.What == Then)
            E.What = ExecutedBlock::Then::GoesOn;
      });
  }

public:
  Shrinker(Sequence &S, Verdict &V) : S(S), V(V) {}

  void run() {
    simplifySettings();
    // Instructions that are gone may make more executions superfluous.
    for (unsigned Round = 0; Round != 2; ++Round) {
      thin([](const Sequence &S) { return S.Executions.size(); },
           [](Sequence &S, size_t First, size_t Last) {
             eraseRun(S.Executions, First, Last);
           });
      for (uint32_t Block = 0; Block != S.Blocks.size(); ++Block)
        thin([&](const Sequence &S) { return S.Blocks[Block].size(); },
             [&](Sequence &S, size_t First, size_t Last) {
               eraseInstructions(S, Block, First, Last);
             });
    }
    simplifyFacts();
    simplifySettings();
  }
};

//===--- the test ---------------------------------------------------------===//

StringRef environment(const char *Name, StringRef Default) {
  const char *Value = ::getenv(Name);
  return Value ? Value : Default;
}

uint32_t number(const char *Name, uint32_t Default) {
  uint32_t Result = Default;
  if (environment(Name, std::to_string(Default)).getAsInteger(10, Result))
    report_fatal_error(Twine(Name) + " is no number");
  return Result;
}

std::vector<ModelledCpu> chosenCpus() {
  std::vector<ModelledCpu> Cpus = modelledCpus();
  const StringRef Chosen = environment("MCAD_RANDOM_CPU", "");
  if (!Chosen.empty())
    erase_if(Cpus, [&](const ModelledCpu &C) { return C.Cpu != Chosen; });
  const uint32_t Every = std::max(number("MCAD_RANDOM_EVERY", 1), 1u);
  size_t Next = 0;
  erase_if(Cpus, [&](const ModelledCpu &) { return Next++ % Every; });
  return Cpus;
}

class DifferentialTest : public testing::TestWithParam<ModelledCpu> {};

TEST_P(DifferentialTest, BothEnginesCountTheSame) {
  const uint32_t First = number("MCAD_RANDOM_SEED", 0);
  const uint32_t Last = First + number("MCAD_RANDOM_COUNT", 10);
  int Opcodes = 0, Unmodelled = 0, Died = 0;
  for (InstructionSet Set : instructionSets(GetParam())) {
    const CpuCode Code(GetParam(), Set);
    Opcodes += Code.numModelled();
    Unmodelled += Code.numUnmodelled();
    for (uint32_t Seed = First; Seed != Last; ++Seed) {
      const Suspect Next = firstSuspect(Code, Seed, Last);
      if ((Seed = Next.Seed) == Last)
        break;
      Sequence S = Code.sequence(Seed);
      Verdict V = judge(S);
      // What LLVM does when it reads where it must not depends on what is
      // there.
      if (V.Is == Verdict::Same && Next.ReferenceDied)
        V = {Verdict::ReferenceDied, "the reference died, but not alone\n"};
      ASSERT_NE(V.Is, Verdict::Same)
          << "seed " << Seed << " differs only behind those before it";
      Shrinker(S, V).run();
      const std::string What = formatv("MCAD_RANDOM_CPU={0} "
                                       "MCAD_RANDOM_SEED={1} "
                                       "MCAD_RANDOM_COUNT=1\n{2}{3}",
                                       S.Cpu.Cpu, Seed, listing(S), V.Why);
      ASSERT_NE(V.Is, Verdict::Different) << What;
      // LLVM's own: docs/bugs-met.md has some.
      outs() << What;
      ++Died;
    }
  }
  RecordProperty("opcodes", Opcodes);
  RecordProperty("unmodelled_opcodes", Unmodelled);
  RecordProperty("reference_died", Died);
  EXPECT_LE(Died, 1 + int(Last - First) / 10) << "hardly anything is compared";
}

/// The random test cannot miss what there is no instruction for.
TEST(RandomCodeTest, SomeCpuHasInstructionsOfEachKind) {
  std::bitset<CpuCode::NumKinds> Present;
  for (const ModelledCpu &Cpu : modelledCpus())
    if (is_contained({"skylake", "btver2", "cortex-a55", "cortex-a9", "pwr9",
                      "neoverse-v2", "sifive-x280"},
                     Cpu.Cpu))
      for (InstructionSet Set : instructionSets(Cpu))
        Present |= CpuCode(Cpu, Set).present();
  EXPECT_TRUE(Present.all()) << Present.to_string();
}

std::string nameOf(const testing::TestParamInfo<ModelledCpu> &Info) {
  std::string Name = StringRef(Info.param.Triple).split('-').first.str() + "_" +
                     Info.param.Cpu;
  for (char &C : Name)
    if (!isAlnum(C))
      C = '_';
  return Name;
}

INSTANTIATE_TEST_SUITE_P(Random, DifferentialTest,
                         testing::ValuesIn(chosenCpus()), nameOf);

} // namespace
} // namespace mcad
