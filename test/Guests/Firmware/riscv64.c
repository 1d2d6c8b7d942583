//===- test/Guests/Firmware/riscv64.c - firmware for two RISC-V harts -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Counts primes in machine mode on each of two harts while timers interrupt
/// both, for QEMU's board `virt`:
///
///   qemu-system-riscv64 -M virt -smp 2 -bios none -semihosting -nographic -kernel <this>
///
/// Hart 1 waits in wfi until hart 0 wakes it, works, wakes hart 0 and ends in
/// wfi. Hart 0 ends QEMU: the exit status is 0 only if both counts are right;
/// each hart works until three interrupts of its timer have come.
///
/// Nobody waits in a loop without wfi: where QEMU runs all harts on one thread,
/// a hart that does not halt may keep the turn for 100 million instructions.
/// Source: RISC-V Privileged Architectures 20211203, 3.1; SiFive FU540-C000
/// Manual, chapter 9 (CLINT); RISC-V Semihosting 0.3 (SYS_EXIT_EXTENDED).
///
//===----------------------------------------------------------------------===//
#include "primes.h"
#include <stdint.h>

#define NUM_HARTS 2
#define SOFTWARE_INTERRUPT(HART) (*(volatile uint32_t *)(0x2000000ul + 4 * (HART)))
#define TIME_LIMIT(HART) (*(volatile uint64_t *)(0x2004000ul + 8 * (HART)))
#define TIME (*(volatile uint64_t *)0x200bff8)

enum { SoftwareInterrupts = 1 << 3, TimerInterrupts = 1 << 7 };
#define TIMER_CAUSE (1ul << 63 | 7)
enum { Interval = 500 }; // 50 µs of 100 ns each.

static volatile unsigned Ticks[NUM_HARTS], Primes[NUM_HARTS];

void onTrap(void);

static inline unsigned hart(void) {
  unsigned long Id;
  __asm__ volatile("csrr %0, mhartid" : "=r"(Id));
  return (unsigned)Id;
}

/// Ends QEMU with \p Status. The three instructions lie on one page and are
/// not compressed.
static void leave(unsigned long Status) {
  const unsigned long Why[2] = {0x20026, Status};
  register unsigned long Operation __asm__("a0") = 0x20;
  register const unsigned long *Argument __asm__("a1") = Why;
  __asm__ volatile(".option push\n\t.option norvc\n\t.balign 16\n\t"
                   "slli zero, zero, 0x1f\n\tebreak\n\tsrai zero, zero, 7\n\t"
                   ".option pop"
                   : : "r"(Operation), "r"(Argument) : "memory");
  for (;;)
    ;
}

__attribute__((noinline)) static void onTick(unsigned Hart) {
  ++Ticks[Hart];
  TIME_LIMIT(Hart) = TIME + Interval;
}

__attribute__((interrupt("machine"), aligned(4))) void onTrap(void) {
  unsigned long Cause;
  __asm__ volatile("csrr %0, mcause" : "=r"(Cause));
  if (Cause != TIMER_CAUSE)
    leave(99);
  onTick(hart());
}

/// The primes of [First, End), and then until three ticks have come.
static void work(unsigned Hart, unsigned First, unsigned End) {
  TIME_LIMIT(Hart) = TIME + Interval;
  __asm__ volatile("csrw mtvec, %0" : : "r"(onTrap));
  __asm__ volatile("csrw mie, %0" : : "r"(TimerInterrupts));
  __asm__ volatile("csrsi mstatus, 8" : : : "memory");
  Primes[Hart] = countPrimes(First, End);
  while (Ticks[Hart] < 3)
    __asm__ volatile("wfi");
  __asm__ volatile("csrci mstatus, 8" : : : "memory");
}

/// Until another hart wakes this one. Without a trap, so that none comes
/// between the question and wfi.
static void wait(unsigned Hart) {
  unsigned long Pending;
  __asm__ volatile("csrw mie, %0" : : "r"(SoftwareInterrupts));
  do
    __asm__ volatile("wfi\n\tcsrr %0, mip" : "=r"(Pending) : : "memory");
  while (!(Pending & SoftwareInterrupts));
  SOFTWARE_INTERRUPT(Hart) = 0;
}

static void firstHart(void) {
  SOFTWARE_INTERRUPT(1) = 1;
  work(0, 0, 1000);
  wait(0);
  leave(Primes[0] == 168 && Primes[1] == 135 ? 0 : 2);
}

static void secondHart(void) {
  wait(1);
  work(1, 1000, 2000);
  SOFTWARE_INTERRUPT(0) = 1;
  __asm__ volatile("csrw mie, zero");
  for (;;)
    __asm__ volatile("wfi");
}

__attribute__((used)) static void begin(void) {
  if (hart() == 0)
    firstHart();
  else
    secondHart();
}

/// Every hart starts here: a stack of 4 KiB for each.
__asm__(".section .start, \"ax\"\n"
        ".global _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "  csrr t0, mhartid\n"
        "  slli t0, t0, 12\n"
        "  la sp, StackTop\n"
        "  sub sp, sp, t0\n"
        "  tail begin\n"
        ".size _start, . - _start\n"
        ".text\n");
