//===- Report/PerfettoReport.cpp - timelines for Perfetto -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/PerfettoReport.h"
#include "Report/JsonOutput.h"
#include "Report/Printable.h"
#include "Report/ProfileIndex.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace llvm;

namespace mcad {
namespace {

/// The lanes of one stream: the first cycle in which each is free.
class Lanes {
  std::vector<uint64_t> FreeFrom;

public:
  /// For [\p From, \p To).
  size_t take(uint64_t From, uint64_t To) {
    size_t Lane = 0;
    while (Lane != FreeFrom.size() && FreeFrom[Lane] > From)
      ++Lane;
    if (Lane == FreeFrom.size())
      FreeFrom.push_back(0);
    FreeFrom[Lane] = To;
    return Lane;
  }
  size_t size() const { return FreeFrom.size(); }
};

struct Slice {
  uint64_t Process;
  size_t Lane;
  std::string Name;
  uint64_t From, To; ///< [From, To) cycles.
};

class EventWriter {
  json::OStream &J;

public:
  explicit EventWriter(json::OStream &J) : J(J) {}

  /// \p Arguments may be null. One event, one line.
  void slice(const Slice &S, StringRef Category, json::Object Arguments) {
    json::Object Event{{"ph", "X"},           {"cat", Category},
                       {"name", S.Name},      {"pid", S.Process},
                       {"tid", S.Lane},       {"ts", S.From},
                       {"dur", S.To - S.From}};
    if (!Arguments.empty())
      Event["args"] = std::move(Arguments);
    write(std::move(Event));
  }
  void name(StringRef What, uint64_t Process, size_t Lane, StringRef Name) {
    write(json::Object{{"ph", "M"},
                       {"name", What},
                       {"pid", Process},
                       {"tid", Lane},
                       {"args", json::Object{{"name", Name}}}});
  }

private:
  void write(json::Object Event) {
    J.rawValue([&](raw_ostream &OS) { OS << json::Value(std::move(Event)); });
  }
};

void writeRow(const Profile &P, const TimelineRow &Row, uint64_t Process,
              size_t Lane, EventWriter &Events) {
  std::string Text = "[unknown]";
  json::Object Arguments{{"number", Row.Number}};
  if (Row.Instruction != NoIndex) {
    const InstructionReport &I = P.Instructions[Row.Instruction];
    if (!I.Text.empty())
      Text = printable(I.Text);
    Arguments["address"] = formatv("{0:x}", I.Address).str();
    Arguments["function"] = json::fixUTF8(functionName(P, I.Function));
    if (const auto Frames = framesOf(P, I); !Frames.empty())
      Arguments["source"] = json::fixUTF8(
          formatv("{0}:{1}", Frames.front().File, Frames.front().Line).str());
  }
  Events.slice({Process, Lane, Text, Row.Dispatched, Row.Retired + 1},
               "instruction", std::move(Arguments));
  auto stage = [&](const char *Name, uint64_t From, uint64_t To) {
    if (From < To)
      Events.slice({Process, Lane, Name, From, To}, "stage", {});
  };
  stage("operands", Row.Dispatched, Row.Ready);
  stage("port", std::max(Row.Dispatched, Row.Ready), Row.Issued);
  stage("execute", Row.Issued, Row.Executed);
  stage("retire", Row.Executed, Row.Retired + 1);
}

} // namespace

void printPerfetto(const Report &R, raw_ostream &OS) {
  JsonOutput Out(OS);
  json::OStream J(Out, /*IndentSize=*/1);
  J.object([&] {
    J.attribute("displayTimeUnit", "ns");
    J.attributeObject("otherData", [&] {
      J.attribute("clock", "one microsecond is one simulated cycle");
      J.attribute("cpu", json::fixUTF8(R.Cpu));
      J.attribute("version", json::fixUTF8("mcad " + R.Version));
    });
    J.attributeArray("traceEvents", [&] {
      EventWriter Events(J);
      uint64_t NextProcess = 1;
      for (size_t T = 0; T != R.Traces.size(); ++T) {
        if (!R.Traces[T].Attribution)
          continue;
        const Profile &P = *R.Traces[T].Attribution;
        std::map<uint32_t, std::pair<uint64_t, Lanes>> Streams;
        for (const TimelineRow &Row : P.Timeline) {
          auto [At, IsNew] = Streams.try_emplace(Row.Stream);
          auto &[Process, Free] = At->second;
          if (IsNew) {
            Process = NextProcess++;
            std::string Name = "stream " + std::to_string(Row.Stream);
            if (R.Traces.size() > 1)
              Name = "trace " + std::to_string(T) + " " + Name;
            Events.name("process_name", Process, 0, Name);
          }
          const size_t Known = Free.size();
          const size_t Lane = Free.take(Row.Dispatched, Row.Retired + 1);
          if (Lane == Known)
            Events.name("thread_name", Process, Lane,
                        "lane " + std::to_string(Lane));
          writeRow(P, Row, Process, Lane, Events);
        }
      }
    });
  });
  Out << '\n';
}

} // namespace mcad
