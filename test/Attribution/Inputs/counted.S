/* test/Attribution/Inputs/counted.S: three functions whose instructions anybody
 * can count; check-counted.py says how many there are. `leaf` adds in a loop,
 * `middle` calls it in one, `outer` calls middle once and leaf from two places.
 *
 * Every branch goes where it says and every loop ends by its counter. A function
 * keeps its return address in a register that what it calls leaves alone.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#define LEAF_ROUNDS 10
#define MIDDLE_ROUNDS 5

#if defined(__arm__)
  .syntax unified
#if defined(__thumb__)
  .thumb
#define BEGIN(NAME) .thumb_func; NAME:
#else
  .arm
#define BEGIN(NAME) NAME:
#endif
#define TYPE %function
#define PROGBITS %progbits
#else
#define BEGIN(NAME) NAME:
#define TYPE @function
#define PROGBITS @progbits
#endif
/* No function crosses a page: QEMU would end a block there. */
#define FUNCTION(NAME) .globl NAME; .type NAME, TYPE; .p2align 6; BEGIN(NAME)
#define END(NAME) .size NAME, . - NAME

  .text

#if defined(__x86_64__) || defined(__i386__)
FUNCTION(leaf)
  movl $LEAF_ROUNDS, %ecx
1:
  addl $1, %eax
  addl $1, %eax
  addl $1, %eax
  subl $1, %ecx
  jne 1b
  ret
END(leaf)

FUNCTION(middle)
  movl $MIDDLE_ROUNDS, %edx
1:
  call leaf
  subl $1, %edx
  jne 1b
  ret
END(middle)

FUNCTION(outer)
  call middle
  call leaf
  call leaf
  ret
END(outer)

#elif defined(__arm__)
FUNCTION(leaf)
  mov r2, #LEAF_ROUNDS
1:
  add r0, r0, #1
  add r0, r0, #1
  add r0, r0, #1
  subs r2, r2, #1
  bne 1b
  bx lr
END(leaf)

FUNCTION(middle)
  push {r4, lr}
  mov r3, #MIDDLE_ROUNDS
1:
  bl leaf
  subs r3, r3, #1
  bne 1b
  pop {r4, pc}
END(middle)

FUNCTION(outer)
  push {r4, lr}
  bl middle
  bl leaf
  bl leaf
  pop {r4, pc}
END(outer)

#elif defined(__aarch64__)
FUNCTION(leaf)
  mov w2, #LEAF_ROUNDS
1:
  add w0, w0, #1
  add w0, w0, #1
  add w0, w0, #1
  subs w2, w2, #1
  b.ne 1b
  ret
END(leaf)

FUNCTION(middle)
  str x30, [sp, #-16]!
  mov w3, #MIDDLE_ROUNDS
1:
  bl leaf
  subs w3, w3, #1
  b.ne 1b
  ldr x30, [sp], #16
  ret
END(middle)

FUNCTION(outer)
  str x30, [sp, #-16]!
  bl middle
  bl leaf
  bl leaf
  ldr x30, [sp], #16
  ret
END(outer)

#elif defined(__powerpc64__)
FUNCTION(leaf)
  li 5, LEAF_ROUNDS
1:
  addi 3, 3, 1
  addi 3, 3, 1
  addi 3, 3, 1
  addic. 5, 5, -1
  bne 1b
  blr
END(leaf)

FUNCTION(middle)
  mflr 6
  li 7, MIDDLE_ROUNDS
1:
  bl leaf
  addic. 7, 7, -1
  bne 1b
  mtlr 6
  blr
END(middle)

FUNCTION(outer)
  mflr 8
  bl middle
  bl leaf
  bl leaf
  mtlr 8
  blr
END(outer)

#elif defined(__riscv)
FUNCTION(leaf)
  li t0, LEAF_ROUNDS
1:
  addi a0, a0, 1
  addi a0, a0, 1
  addi a0, a0, 1
  addi t0, t0, -1
  bnez t0, 1b
  ret
END(leaf)

FUNCTION(middle)
  mv t1, ra
  li t2, MIDDLE_ROUNDS
1:
  jal leaf
  addi t2, t2, -1
  bnez t2, 1b
  mv ra, t1
  ret
END(middle)

FUNCTION(outer)
  mv t3, ra
  jal middle
  jal leaf
  jal leaf
  mv ra, t3
  ret
END(outer)

#else
#error an architecture whose instructions nobody has counted
#endif

  .section .note.GNU-stack, "", PROGBITS
