//===- Report/JsonReport.cpp - a report for programs ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonReport.h"
#include "Report/JsonOutput.h"
#include "Report/JsonProfile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

static std::string text(StringRef S) { return json::fixUTF8(S); }

static std::string address(GuestAddr Address) {
  return formatv("{0:x}", Address).str();
}

static json::Array strings(const std::vector<std::string> &Strings) {
  json::Array Result;
  for (const std::string &S : Strings)
    Result.push_back(text(S));
  return Result;
}

static json::Object description(const TraceDescription &D) {
  json::Object O{{"kind", D.IsListing ? "listing" : "run"}};
  if (D.Region)
    O["region"] = text(*D.Region);
  if (D.IsListing)
    return O;
  O["guestArch"] = text(D.GuestArch);
  O["binaryPath"] = text(D.BinaryPath);
  O["buildId"] = toHex(D.BuildId, /*LowerCase=*/true);
  O["loadBias"] = address(D.LoadBias);
  O["codeStart"] = address(D.CodeStart);
  O["codeEnd"] = address(D.CodeEnd);
  O["entry"] = address(D.Entry);
  O["processId"] = D.ProcessId;
  O["parentProcessId"] = D.ParentProcessId;
  O["systemMode"] = D.SystemMode;
  O["scope"] = D.Scope == TraceScope::MainCode ? "main-code" : "whole-process";
  O["recorder"] = text(D.Recorder);
  O["recorderOptions"] = strings(D.RecorderOptions);
  O["hasMemoryAccesses"] = D.HasMemoryAccesses;
  return O;
}

static json::Object summary(const Summary &S) {
  return json::Object{
      {"iterations", S.Iterations},
      {"instructions", S.Instructions},
      {"totalCycles", S.Cycles},
      {"totalMicroOps", S.MicroOps},
      {"dispatchWidth", S.DispatchWidth},
      {"microOpsPerCycle", S.microOpsPerCycle()},
      {"ipc", S.ipc()},
      {"blockRThroughput", S.BlockRThroughput},
  };
}

static json::Array losses(const TraceReport &T) {
  json::Array Result;
  for (const Loss &L : T.Losses)
    Result.push_back(json::Object{
        {"name", L.Name},
        {"severity",
         L.How == Loss::Severity::Incomplete ? "incomplete" : "note"},
        {"count", L.Count},
        {"unit", L.Unit},
        {"sentence", text(L.Sentence)},
    });
  return Result;
}

static json::Object unmodelled(const TraceReport &T) {
  json::Array Opcodes;
  for (const UnmodelledOpcode &O : T.UnmodelledOpcodes)
    Opcodes.push_back(json::Object{{"opcode", O.Name},
                                   {"reason", text(O.Reason)},
                                   {"executions", O.Executions},
                                   {"places", O.Addresses}});
  json::Array Places;
  for (const UnmodelledPlace &P : T.UnmodelledPlaces)
    Places.push_back(json::Object{{"address", address(P.Address)},
                                  {"bytes", toHex(P.Bytes, true)},
                                  {"text", text(P.Text)},
                                  {"executions", P.Executions}});
  return json::Object{{"executions", T.Unmodelled},
                      {"undecodedExecutions", T.Undecoded},
                      {"topOpcodes", std::move(Opcodes)},
                      {"topPlaces", std::move(Places)}};
}

static json::Array streams(const TraceReport &T) {
  json::Array Result;
  for (const StreamReport &S : T.Streams) {
    json::Object O{
        {"stream", S.Stream},     {"blocks", S.Blocks},
        {"executed", S.Executed}, {"repeatIterations", S.RepeatIterations},
        {"loads", S.Loads},       {"stores", S.Stores},
        {"cycles", S.Cycles},     {"microOps", S.MicroOps}};
    if (S.Sent)
      O["sent"] = json::Object{{"blocks", S.Sent->Blocks},
                               {"instructions", S.Sent->Instructions},
                               {"accesses", S.Sent->Accesses}};
    Result.push_back(std::move(O));
  }
  return Result;
}

static json::Array costly(ArrayRef<CostlyInstruction> Rows) {
  json::Array Result;
  for (const CostlyInstruction &C : Rows)
    Result.push_back(json::Object{
        {"address", address(C.Address)},
        {"text", text(C.Text)},
        {"executions", C.Executions},
        {"dataMisses", C.Events.DataMisses},
        {"memoryMisses", C.Events.MemoryMisses},
        {"dataCycles", C.Events.DataCycles},
        {"fetchMisses", C.Events.FetchMisses},
        {"mispredictions", C.Events.Mispredictions},
    });
  return Result;
}

static json::Object branches(const BranchCounters &B) {
  return json::Object{
      {"conditional", B.Conditional},
      {"taken", B.Taken},
      {"wrongDirections", B.WrongDirections},
      {"indirect", B.Indirect},
      {"wrongIndirect", B.WrongIndirect},
      {"returns", B.Returns},
      {"wrongReturns", B.WrongReturns},
      {"unknownTargets", B.UnknownTargets},
      {"notFollowed", B.NotFollowed},
      {"mispredictions", B.mispredictions()},
  };
}

static json::Object surroundings(const SurroundingsReport &S) {
  json::Array Caches, Tlbs;
  for (const CacheReport &C : S.Caches)
    Caches.push_back(json::Object{{"cache", C.Name},
                                  {"accesses", C.Counters.Accesses},
                                  {"misses", C.Counters.Misses},
                                  {"prefetches", C.Counters.Prefetches},
                                  {"writeBacks", C.Counters.WriteBacks}});
  for (const TlbReport &T : S.Tlbs)
    Tlbs.push_back(json::Object{{"tlb", T.Name},
                                {"accesses", T.Counters.Accesses},
                                {"misses", T.Counters.Misses},
                                {"walks", T.Counters.Walks}});
  json::Object Lost;
  for (unsigned I = 0; I != NumCauses; ++I)
    Lost[lostCyclesName(static_cast<Cause>(I))] = S.LostCycles[I];
  return json::Object{
      {"hasData", S.HasData},
      {"caches", std::move(Caches)},
      {"tlbs", std::move(Tlbs)},
      {"branches", branches(S.Branches)},
      {"splitAccesses", S.SplitAccesses},
      {"forwardedLoads", S.ForwardedLoads},
      {"partlyForwarded", S.PartlyForwarded},
      {"lostCycles", std::move(Lost)},
      {"worstData", costly(S.WorstData)},
      {"worstFetch", costly(S.WorstFetch)},
      {"worstBranches", costly(S.WorstBranches)},
  };
}

static json::Object model(const Report::Model &M) {
  json::Object Values;
  for (const Report::Model::Value &V : M.Values)
    Values[V.Key] =
        json::Object{{"value", text(V.Text)}, {"source", text(V.Source)}};
  return json::Object{{"name", text(M.Name)},
                      {"description", text(M.Description)},
                      {"isGeneric", M.IsGeneric},
                      {"file", text(M.File)},
                      {"values", std::move(Values)}};
}

static json::Object trace(const TraceReport &T) {
  json::Array Resources;
  for (const ResourceUse &U : T.Resources)
    Resources.push_back(json::Object{
        {"unit", U.Label}, {"resource", U.Resource}, {"cycles", U.Cycles}});
  json::Object O{
      {"description", description(T.Description)},
      {"complete", T.isComplete()},
      {"losses", losses(T)},
      {"summary", summary(T.Total)},
      {"executed", T.Executed},
      {"repeatIterations", T.RepeatIterations},
      {"blocksDefined", T.BlocksDefined},
      {"blocksExecuted", T.BlocksExecuted},
      {"loads", T.Loads},
      {"stores", T.Stores},
      {"executedInMainCode", T.ExecutedInMainCode},
      {"startUpInstructions",
       T.StartUp ? json::Value(*T.StartUp) : json::Value(nullptr)},
      {"unseenInstructions", T.UnseenInstructions},
      {"unplacedCycles", T.UnplacedCycles},
      {"unmodelled", unmodelled(T)},
      {"resources", std::move(Resources)},
      {"streams", streams(T)},
  };
  if (T.Surroundings)
    O["surroundings"] = surroundings(*T.Surroundings);
  if (T.Description.IsListing) {
    json::Array Listing;
    for (const ListedInstruction &Row : T.Listing)
      Listing.push_back(
          json::Object{{"text", text(Row.Text)},
                       {"unitCycles", json::Array(Row.UnitCycles)}});
    O["listing"] = std::move(Listing);
  }
  return O;
}

/// All but its traces.
static json::Object frame(const Report &R) {
  json::Array Sources;
  for (const TraceReport &T : R.Traces)
    Sources.push_back(text(T.Description.Name));
  return json::Object{
      {"schemaVersion", ReportSchemaVersion},
      {"tool", "llvm-mcad"},
      {"version", R.Version},
      {"target", json::Object{{"triple", R.Triple},
                              {"cpu", R.Cpu},
                              {"cpuIsDefault", R.CpuIsDefault},
                              {"features", R.Features},
                              {"modelOwner", R.ModelOwner},
                              {"modelShared", strings(R.ModelShared)},
                              {"outOfOrder", R.IsOutOfOrder}}},
      {"engine", R.Engine},
      {"model", R.Surroundings ? json::Value(model(*R.Surroundings))
                               : json::Value(nullptr)},
      {"complete", R.isComplete()},
      {"runTime",
       json::Object{{"seconds", R.Seconds}, {"sources", std::move(Sources)}}},
  };
}

/// The members of \p O, in the order of their names.
static void writeMembers(const json::Object &O, json::OStream &J) {
  std::vector<const json::Object::value_type *> Members;
  for (const json::Object::value_type &Member : O)
    Members.push_back(&Member);
  llvm::sort(Members, [](const auto *A, const auto *B) {
    return StringRef(A->first) < StringRef(B->first);
  });
  for (const json::Object::value_type *Member : Members)
    J.attribute(Member->first, Member->second);
}

void printJson(const Report &R, raw_ostream &OS) {
  JsonOutput Out(OS);
  json::OStream J(Out, /*IndentSize=*/2);
  J.object([&] {
    writeMembers(frame(R), J);
    J.attributeArray("traces", [&] {
      for (const TraceReport &T : R.Traces)
        J.object([&] {
          writeMembers(trace(T), J);
          if (!T.Attribution)
            return;
          // Row by row: as a tree it would be a hundred times its size.
          J.attributeBegin("attribution");
          writeProfile(*T.Attribution, J);
          J.attributeEnd();
        });
    });
  });
  Out << '\n';
}

} // namespace mcad
