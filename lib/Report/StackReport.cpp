//===- Report/StackReport.cpp - call stacks for flame graphs --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/StackReport.h"
#include "Report/JsonOutput.h"
#include "Report/Printable.h"
#include "Report/ProfileIndex.h"
#include "Report/StackTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace llvm;

namespace mcad {

/// "stream0", or with several traces "trace1 stream0".
static std::string streamName(const Report &R, size_t Trace, uint32_t Stream) {
  std::string Name = "stream" + std::to_string(Stream);
  return R.Traces.size() > 1 ? "trace" + std::to_string(Trace) + " " + Name
                             : Name;
}

static std::string foldedName(StringRef Name) {
  std::string Result = printable(Name);
  std::replace(Result.begin(), Result.end(), ';', ':');
  return Result;
}

/// From the outermost caller to \p Node.
static std::vector<uint32_t> stackOf(ArrayRef<StackNode> Tree, uint32_t Node) {
  std::vector<uint32_t> Stack;
  for (; Node != NoIndex; Node = Tree[Node].Parent)
    Stack.push_back(Tree[Node].Function);
  std::reverse(Stack.begin(), Stack.end());
  return Stack;
}

void printFolded(const Report &R, raw_ostream &OS) {
  for (size_t T = 0; T != R.Traces.size(); ++T) {
    if (!R.Traces[T].Attribution)
      continue;
    const Profile &P = *R.Traces[T].Attribution;
    const std::vector<StackNode> Tree = stackTree(P);
    for (uint32_t Node = 0; Node != Tree.size(); ++Node) {
      if (!Tree[Node].Cycles)
        continue;
      OS << streamName(R, T, Tree[Node].Stream);
      for (const uint32_t Function : stackOf(Tree, Node))
        OS << ';' << foldedName(functionName(P, Function));
      OS << ' ' << Tree[Node].Cycles << '\n';
    }
  }
}

//===--- speedscope -------------------------------------------------------===//

namespace {

/// The functions of all traces, those of one name and file once.
class FrameTable {
  std::map<std::pair<std::string, std::string>, size_t> Numbers;

public:
  std::vector<std::pair<std::string, std::string>> Frames; ///< Name, file.

  size_t number(std::string Name, std::string File) {
    const auto [At, IsNew] =
        Numbers.try_emplace({std::move(Name), std::move(File)}, Frames.size());
    if (IsNew)
      Frames.push_back(At->first);
    return At->second;
  }
};

struct StackSamples {
  std::string Name;
  std::vector<std::vector<size_t>> Stacks; ///< Frames, the outermost first.
  std::vector<uint64_t> Weights;
};

} // namespace

static std::vector<StackSamples> samples(const Report &R, FrameTable &Frames) {
  std::vector<StackSamples> Result;
  for (size_t T = 0; T != R.Traces.size(); ++T) {
    if (!R.Traces[T].Attribution)
      continue;
    const Profile &P = *R.Traces[T].Attribution;
    const ProfileIndex Index(P);
    std::vector<size_t> FrameOf;
    for (uint32_t F = 0; F != P.Functions.size(); ++F)
      FrameOf.push_back(
          Frames.number(functionName(P, F), Index.fileOf(F).str()));
    const std::vector<StackNode> Tree = stackTree(P);
    std::map<uint32_t, StackSamples> OfStream;
    for (uint32_t Node = 0; Node != Tree.size(); ++Node) {
      StackSamples &S = OfStream[Tree[Node].Stream];
      if (!Tree[Node].Cycles)
        continue;
      std::vector<size_t> &Stack = S.Stacks.emplace_back();
      for (const uint32_t Function : stackOf(Tree, Node))
        Stack.push_back(Function == NoIndex
                            ? Frames.number(functionName(P, NoIndex), "")
                            : FrameOf[Function]);
      S.Weights.push_back(Tree[Node].Cycles);
    }
    for (auto &[Stream, S] : OfStream) {
      S.Name = streamName(R, T, Stream);
      Result.push_back(std::move(S));
    }
  }
  return Result;
}

static void writeSamples(const StackSamples &S, json::OStream &J) {
  uint64_t End = 0;
  for (const uint64_t Weight : S.Weights)
    End += Weight;
  J.object([&] {
    J.attribute("type", "sampled");
    J.attribute("name", S.Name);
    J.attribute("unit", "none");
    J.attribute("startValue", 0);
    J.attribute("endValue", End);
    J.attributeArray("samples", [&] {
      for (const std::vector<size_t> &Stack : S.Stacks)
        J.rawValue([&](raw_ostream &OS) {
          ListSeparator Comma(",");
          OS << '[';
          for (const size_t Frame : Stack)
            OS << Comma << Frame;
          OS << ']';
        });
    });
    J.attributeBegin("weights");
    J.rawValue([&](raw_ostream &OS) {
      ListSeparator Comma(",");
      OS << '[';
      for (const uint64_t Weight : S.Weights)
        OS << Comma << Weight;
      OS << ']';
    });
    J.attributeEnd();
  });
}

void printSpeedscope(const Report &R, raw_ostream &OS) {
  FrameTable Frames;
  const std::vector<StackSamples> Streams = samples(R, Frames);
  std::string Name = "mcad";
  for (const TraceReport &T : R.Traces)
    if (!T.Description.BinaryPath.empty()) {
      Name = T.Description.BinaryPath + " on " + R.Cpu;
      break;
    }
  JsonOutput Out(OS);
  json::OStream J(Out, /*IndentSize=*/1);
  J.object([&] {
    J.attribute("$schema",
                "https://www.speedscope.app/file-format-schema.json");
    J.attribute("exporter", json::fixUTF8("mcad " + R.Version));
    J.attribute("name", json::fixUTF8(Name + ", cycles"));
    J.attributeObject("shared", [&] {
      J.attributeArray("frames", [&] {
        for (const auto &[Function, File] : Frames.Frames)
          J.object([&, &Function = Function, &File = File] {
            J.attribute("name", json::fixUTF8(Function));
            if (!File.empty())
              J.attribute("file", json::fixUTF8(File));
          });
      });
    });
    J.attributeArray("profiles", [&] {
      for (const StackSamples &S : Streams)
        writeSamples(S, J);
    });
  });
  Out << '\n';
}

} // namespace mcad
