//===- test/Guests/Firmware/cortex-m.c - firmware for a Cortex-M ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Counts primes while SysTick interrupts, for QEMU's MPS2 boards:
///
///   qemu-system-arm -M mps2-an386 -semihosting -nographic -kernel <this>
///
/// It begins with a reset of the board. QEMU's exit status is 0 only if the
/// count is right and the ticks, of which at least three must come, agree with
/// what they add up. The end is asked for by SVC, which is one more exception.
/// Source: Armv7-M Architecture Reference Manual (DDI 0403E), B1.5 and B3.3;
/// Semihosting for AArch32 and AArch64 (SYS_EXIT_EXTENDED).
///
//===----------------------------------------------------------------------===//
#include "primes.h"
#include <stdint.h>

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xe000e010)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xe000e014)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xe000e018)

static volatile unsigned Ticks;
static volatile float Seconds; // Makes the FPU's state part of a tick.
static volatile int Status = 1;

void onReset(void);
void onTick(void);
void onExitCall(void);
void onFault(void);
extern char StackTop[]; // The linker script's.
extern volatile uint32_t ResetMark;

__attribute__((section(".vectors"), used)) static void *const Vectors[16] = {
    [0] = StackTop,        [1] = (void *)onReset, [2] = (void *)onFault,
    [3] = (void *)onFault, [4] = (void *)onFault, [5] = (void *)onFault,
    [6] = (void *)onFault, [11] = (void *)onExitCall,
    [15] = (void *)onTick};

/// Ends QEMU with \p With.
static void leave(int With) {
  const uint32_t Why[2] = {0x20026, (uint32_t)With};
  register uint32_t Operation __asm__("r0") = 0x20;
  register const uint32_t *Argument __asm__("r1") = Why;
  __asm__ volatile("bkpt 0xab" : : "r"(Operation), "r"(Argument) : "memory");
  for (;;)
    ;
}

void onTick(void) {
  ++Ticks;
  Seconds += 0.5f;
}

void onExitCall(void) { leave(Status); }

void onFault(void) { leave(99); }

int main(void) {
  SYSTICK_RELOAD = 250 - 1; // 10 µs at 25 MHz.
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = 7; // The CPU's clock, interrupt, on.
  unsigned Primes = countPrimes(0, 1000);
  while (Ticks < 3)
    __asm__ volatile("wfi");
  SYSTICK_CONTROL = 0;
  return Primes == 168 && Seconds == 0.5f * (float)Ticks ? 0 : 2;
}

void onReset(void) {
  // The linker script's; a reset of the board leaves it as it is.
  if (ResetMark != 0x12345678) {
    ResetMark = 0x12345678;
    *(volatile uint32_t *)0xe000ed0c = 0x05fa0004; // AIRCR: ask for a reset,
    for (;;)
      __asm__ volatile("wfi"); // which comes a while later.
  }
  // Full access to the FPU, CPACR.
  *(volatile uint32_t *)0xe000ed88 |= 0xf << 20;
  __asm__ volatile("dsb\n\tisb" : : : "memory");
  Status = main();
  __asm__ volatile("svc 0" : : : "memory");
}
