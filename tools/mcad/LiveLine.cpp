//===- mcad/LiveLine.cpp - how far it is, on the terminal ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LiveLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static constexpr std::chrono::milliseconds Period{250};
/// Go to the line's start and clear it.
static constexpr char Clear[] = "\r\x1b[K";

std::string liveText(const Progress &Now, StringRef Label, double Seconds) {
  const auto millions = [](uint64_t Count) { return double(Count) / 1e6; };
  const uint64_t Arrived = Now.Arrived.get(), Simulated = Now.Simulated.get(),
                 Cycles = Now.Cycles.get();
  std::string Text =
      formatv("{0}: {1:F1} M instructions, {2:F1} M/s", Label,
              millions(Arrived), Seconds > 0 ? millions(Arrived) / Seconds : 0);
  if (Cycles)
    Text += formatv(", {0:F1} M cycles, IPC {1:F2}, {2:F1} M behind",
                    millions(Cycles), double(Simulated) / double(Cycles),
                    millions(Arrived - std::min(Arrived, Simulated)));
  return Text;
}

void LiveLine::print() const {
  const std::chrono::duration<double> Passed =
      std::chrono::steady_clock::now() - Start;
  std::string Text = liveText(Now, Label, Passed.count());
  // A line that wraps could not be cleared.
  const size_t Columns = sys::Process::StandardErrColumns();
  if (Columns && Text.size() >= Columns)
    Text.resize(Columns - 1);
  // In one write, and so that what the guest prints starts at the line's head.
  errs() << Clear + Text + '\r';
}

std::unique_ptr<LiveLine> LiveLine::create(const Progress &Now, StringRef Label,
                                           bool IsQuiet) {
  if (IsQuiet || !sys::Process::StandardErrIsDisplayed())
    return nullptr;
  return std::make_unique<LiveLine>(Now, Label);
}

LiveLine::LiveLine(const Progress &Now, StringRef Label)
    : Now(Now), Label(Label), Start(std::chrono::steady_clock::now()),
      Printer([this] {
        std::unique_lock<std::mutex> Held(Lock);
        while (!Wakes.wait_for(Held, Period, [this] { return IsOver; }))
          print();
      }) {}

LiveLine::~LiveLine() {
  {
    const std::lock_guard<std::mutex> Held(Lock);
    IsOver = true;
  }
  Wakes.notify_all();
  Printer.join();
  errs() << Clear;
}

} // namespace mcad
