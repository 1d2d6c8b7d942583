//===- Report/JsonReader.cpp - a report from JSON -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonReader.h"
#include "Report/JsonFields.h"
#include "Report/JsonProfile.h"

using namespace llvm;

namespace mcad {
namespace {

/// LLVM's parser descends into arrays and objects by calling itself. A report
/// has nine levels.
constexpr unsigned MaxDepth = 32;

bool isTooDeep(StringRef Text) {
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I != Text.size(); ++I) {
    const char C = Text[I];
    if (C == '"')
      InString = !InString;
    else if (InString && C == '\\' && I + 1 != Text.size())
      ++I;
    else if (!InString && (C == '[' || C == '{') && ++Depth > MaxDepth)
      return true;
    else if (!InString && (C == ']' || C == '}') && Depth)
      --Depth;
  }
  return false;
}

void readDescription(JsonField From, TraceDescription &D) {
  std::string Kind;
  From["kind"].to(Kind);
  if (Kind != "run" && Kind != "listing")
    return From["kind"].refuse("run or listing is wanted");
  D.IsListing = Kind == "listing";
  if (const JsonField Region = From["region"]; Region.isPresent())
    Region.to(D.Region.emplace());
  if (D.IsListing)
    return;
  From["guestArch"].to(D.GuestArch);
  From["binaryPath"].to(D.BinaryPath);
  From["buildId"].toBytes(D.BuildId);
  From["loadBias"].toAddress(D.LoadBias);
  From["codeStart"].toAddress(D.CodeStart);
  From["codeEnd"].toAddress(D.CodeEnd);
  From["entry"].toAddress(D.Entry);
  From["processId"].to(D.ProcessId);
  From["parentProcessId"].to(D.ParentProcessId);
  From["systemMode"].to(D.SystemMode);
  std::string Scope;
  From["scope"].to(Scope);
  if (Scope != "main-code" && Scope != "whole-process")
    From["scope"].refuse("main-code or whole-process is wanted");
  D.Scope =
      Scope == "main-code" ? TraceScope::MainCode : TraceScope::WholeProcess;
  From["recorder"].to(D.Recorder);
  From["recorderOptions"].to(D.RecorderOptions);
  From["hasMemoryAccesses"].to(D.HasMemoryAccesses);
}

/// The ratios follow from the counts.
void readSummary(JsonField From, Summary &S) {
  From["iterations"].to(S.Iterations);
  From["instructions"].to(S.Instructions);
  From["totalCycles"].to(S.Cycles);
  From["totalMicroOps"].to(S.MicroOps);
  From["dispatchWidth"].to(S.DispatchWidth);
  From["blockRThroughput"].to(S.BlockRThroughput);
}

void readLosses(JsonField From, std::vector<Loss> &Losses) {
  From.forEach([&](JsonField Row) {
    Loss &L = Losses.emplace_back();
    std::string Severity;
    Row["name"].to(L.Name);
    Row["severity"].to(Severity);
    if (Severity != "incomplete" && Severity != "note")
      Row["severity"].refuse("incomplete or note is wanted");
    L.How =
        Severity == "note" ? Loss::Severity::Note : Loss::Severity::Incomplete;
    Row["count"].to(L.Count);
    Row["unit"].to(L.Unit);
    Row["sentence"].to(L.Sentence);
  });
}

void readUnmodelled(JsonField From, TraceReport &T) {
  From["executions"].to(T.Unmodelled);
  From["undecodedExecutions"].to(T.Undecoded);
  From["topOpcodes"].forEach([&](JsonField Row) {
    UnmodelledOpcode &O = T.UnmodelledOpcodes.emplace_back();
    Row["opcode"].to(O.Name);
    Row["reason"].to(O.Reason);
    Row["executions"].to(O.Executions);
    Row["places"].to(O.Addresses);
  });
  From["topPlaces"].forEach([&](JsonField Row) {
    UnmodelledPlace &P = T.UnmodelledPlaces.emplace_back();
    Row["address"].toAddress(P.Address);
    Row["bytes"].toBytes(P.Bytes);
    Row["text"].to(P.Text);
    Row["executions"].to(P.Executions);
  });
}

void readStreams(JsonField From, std::vector<StreamReport> &Streams) {
  From.forEach([&](JsonField Row) {
    StreamReport &S = Streams.emplace_back();
    Row["stream"].to(S.Stream);
    Row["blocks"].to(S.Blocks);
    Row["executed"].to(S.Executed);
    Row["repeatIterations"].to(S.RepeatIterations);
    Row["loads"].to(S.Loads);
    Row["stores"].to(S.Stores);
    Row["cycles"].to(S.Cycles);
    Row["microOps"].to(S.MicroOps);
    if (const JsonField Sent = Row["sent"]; Sent.isPresent()) {
      S.Sent.emplace();
      S.Sent->Stream = static_cast<StreamId>(S.Stream);
      Sent["blocks"].to(S.Sent->Blocks);
      Sent["instructions"].to(S.Sent->Instructions);
      Sent["accesses"].to(S.Sent->Accesses);
    }
  });
}

void readCostly(JsonField From, std::vector<CostlyInstruction> &Rows) {
  From.forEach([&](JsonField Row) {
    CostlyInstruction &C = Rows.emplace_back();
    Row["address"].toAddress(C.Address);
    Row["text"].to(C.Text);
    Row["executions"].to(C.Executions);
    Row["dataMisses"].to(C.Events.DataMisses);
    Row["memoryMisses"].to(C.Events.MemoryMisses);
    Row["dataCycles"].to(C.Events.DataCycles);
    Row["fetchMisses"].to(C.Events.FetchMisses);
    Row["mispredictions"].to(C.Events.Mispredictions);
  });
}

void readBranches(JsonField From, BranchCounters &B) {
  From["conditional"].to(B.Conditional);
  From["taken"].to(B.Taken);
  From["wrongDirections"].to(B.WrongDirections);
  From["indirect"].to(B.Indirect);
  From["wrongIndirect"].to(B.WrongIndirect);
  From["returns"].to(B.Returns);
  From["wrongReturns"].to(B.WrongReturns);
  From["unknownTargets"].to(B.UnknownTargets);
  From["notFollowed"].to(B.NotFollowed);
}

void readSurroundings(JsonField From, SurroundingsReport &S) {
  From["hasData"].to(S.HasData);
  From["caches"].forEach([&](JsonField Row) {
    CacheReport &C = S.Caches.emplace_back();
    Row["cache"].to(C.Name);
    Row["accesses"].to(C.Counters.Accesses);
    Row["misses"].to(C.Counters.Misses);
    Row["prefetches"].to(C.Counters.Prefetches);
    Row["writeBacks"].to(C.Counters.WriteBacks);
  });
  From["tlbs"].forEach([&](JsonField Row) {
    TlbReport &T = S.Tlbs.emplace_back();
    Row["tlb"].to(T.Name);
    Row["accesses"].to(T.Counters.Accesses);
    Row["misses"].to(T.Counters.Misses);
    Row["walks"].to(T.Counters.Walks);
  });
  readBranches(From["branches"], S.Branches);
  From["splitAccesses"].to(S.SplitAccesses);
  From["forwardedLoads"].to(S.ForwardedLoads);
  From["partlyForwarded"].to(S.PartlyForwarded);
  for (unsigned I = 0; I != NumCauses; ++I)
    From["lostCycles"][lostCyclesName(static_cast<Cause>(I))].to(
        S.LostCycles[I]);
  readCostly(From["worstData"], S.WorstData);
  readCostly(From["worstFetch"], S.WorstFetch);
  readCostly(From["worstBranches"], S.WorstBranches);
}

void readModel(JsonField From, Report::Model &M) {
  From["name"].to(M.Name);
  From["description"].to(M.Description);
  From["isGeneric"].to(M.IsGeneric);
  From["file"].to(M.File);
  const JsonField Values = From["values"];
  for (StringRef Key : Values.names()) {
    Report::Model::Value &V = M.Values.emplace_back();
    V.Key = Key.str();
    Values[Key]["value"].to(V.Text);
    Values[Key]["source"].to(V.Source);
  }
}

void readTrace(JsonField From, TraceReport &T) {
  readDescription(From["description"], T.Description);
  readLosses(From["losses"], T.Losses);
  readSummary(From["summary"], T.Total);
  From["executed"].to(T.Executed);
  From["repeatIterations"].to(T.RepeatIterations);
  From["blocksDefined"].to(T.BlocksDefined);
  From["blocksExecuted"].to(T.BlocksExecuted);
  From["loads"].to(T.Loads);
  From["stores"].to(T.Stores);
  From["executedInMainCode"].to(T.ExecutedInMainCode);
  if (const JsonField StartUp = From["startUpInstructions"]; !StartUp.isNull())
    StartUp.to(T.StartUp.emplace());
  From["unseenInstructions"].to(T.UnseenInstructions);
  From["unplacedCycles"].to(T.UnplacedCycles);
  readUnmodelled(From["unmodelled"], T);
  From["resources"].forEach([&](JsonField Row) {
    ResourceUse &U = T.Resources.emplace_back();
    Row["unit"].to(U.Label);
    Row["resource"].to(U.Resource);
    Row["cycles"].to(U.Cycles);
  });
  readStreams(From["streams"], T.Streams);
  if (const JsonField Around = From["surroundings"]; Around.isPresent())
    readSurroundings(Around, T.Surroundings.emplace());
  if (const JsonField Attribution = From["attribution"];
      Attribution.isPresent())
    readProfile(Attribution, T.Attribution.emplace());
  if (!T.Description.IsListing)
    return;
  T.Description.ListingIterations = T.Total.Iterations;
  From["listing"].forEach([&](JsonField Row) {
    ListedInstruction &I = T.Listing.emplace_back();
    Row["text"].to(I.Text);
    Row["unitCycles"].forEach(
        [&](JsonField Cycles) { Cycles.to(I.UnitCycles.emplace_back()); });
    // Columns of the text report are those of the resources.
    if (I.UnitCycles.size() > T.Resources.size())
      Row["unitCycles"].refuse("at most one for each of resources is wanted");
  });
}

void readReport(JsonField From, Report &R) {
  From["version"].to(R.Version);
  const JsonField Target = From["target"];
  Target["triple"].to(R.Triple);
  Target["cpu"].to(R.Cpu);
  Target["cpuIsDefault"].to(R.CpuIsDefault);
  Target["features"].to(R.Features);
  Target["modelOwner"].to(R.ModelOwner);
  Target["modelShared"].to(R.ModelShared);
  Target["outOfOrder"].to(R.IsOutOfOrder);
  From["engine"].to(R.Engine);
  if (const JsonField Around = From["model"]; !Around.isNull()) {
    Report::Model Model;
    readModel(Around, Model);
    R.Surroundings = std::move(Model);
  }
  From["traces"].forEach(
      [&](JsonField Trace) { readTrace(Trace, R.Traces.emplace_back()); });
  const JsonField RunTime = From["runTime"];
  RunTime["seconds"].to(R.Seconds);
  std::vector<std::string> Sources;
  RunTime["sources"].to(Sources);
  if (Sources.size() != R.Traces.size())
    return RunTime["sources"].refuse("one for each of traces is wanted");
  for (size_t I = 0; I != Sources.size(); ++I)
    R.Traces[I].Description.Name = Sources[I];
}

} // namespace

Expected<Report> readJson(StringRef Text, StringRef Name) {
  auto refuse = [&](const Twine &What) {
    return createStringError(Name + ": " + What);
  };
  if (isTooDeep(Text))
    return refuse("nested more deeply than any report: give the JSON report "
                  "of llvm-mcad");
  Expected<json::Value> Parsed = json::parse(Text);
  if (!Parsed) {
    std::string What = toString(Parsed.takeError());
    return refuse("no JSON: " + What);
  }
  const json::Object *Root = Parsed->getAsObject();
  const json::Value *Version = Root ? Root->get("schemaVersion") : nullptr;
  const std::optional<uint64_t> Number =
      Version ? jsonCount(*Version) : std::nullopt;
  if (!Number || Root->getString("tool") != "llvm-mcad")
    return refuse("no report of llvm-mcad: write one with -report=json");
  if (*Number != ReportSchemaVersion)
    return refuse("schema version " + Twine(*Number) + ", this program reads " +
                  Twine(ReportSchemaVersion) +
                  ": write the report anew with the llvm-mcad of this version");
  JsonProblem Problem;
  Report R;
  readReport(JsonField(*Parsed, Problem), R);
  if (Problem.isSet())
    return refuse(Problem.sentence());
  return R;
}

} // namespace mcad
