/*===- mcad/mcad.h - marking regions of a program to be analysed ---------===*\
|*
|* Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for license information.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/*
 * For the source of the program that is analysed, C or C++, with GCC or Clang,
 * for every architecture that MCAD knows. It needs nothing else of MCAD.
 *
 *   MCAD_REGION_BEGIN("parse");
 *   ... what is to be measured, with what it calls ...
 *   MCAD_REGION_END("parse");
 *
 * Each is one `nop`, so that the program runs as it did, and a note of its own
 * in the file (section .note.mcad, kept by strip) that says where that is. A
 * region that is begun ends at its end, and at the latest when the function
 * that began it is left: by return, longjmp or exception. Regions may overlap.
 * One name may be marked at several places: it is one region.
 *
 * The name is a string literal without `"`, `\\`, `%`, `{`, `|` and `}`. The
 * compiler moves no access to memory across a mark.
 */
#ifndef MCAD_MCAD_H
#define MCAD_MCAD_H

#define MCAD_REGION_BEGIN(NAME) MCAD_REGION_MARK("1", NAME)
#define MCAD_REGION_END(NAME) MCAD_REGION_MARK("2", NAME)

/* The note: sizes of its owner's name and of its content, its type; the owner;
 * how far the nop is from here, and the region's name. */
#define MCAD_REGION_MARK(TYPE, NAME)                                           \
  __asm__ __volatile__("991: nop\n"                                            \
                       ".pushsection .note.mcad,\"a?\",%%note\n"               \
                       ".balign 4\n"                                           \
                       ".long 5, 993f-992f, " TYPE "\n"                        \
                       ".asciz \"MCAD\"\n"                                     \
                       ".balign 4\n"                                           \
                       "992: .long 991b-.\n"                                   \
                       ".asciz \"" NAME "\"\n"                                 \
                       "993: .balign 4\n"                                      \
                       ".popsection"                                           \
                       :                                                       \
                       :                                                       \
                       : "memory")

#endif /* MCAD_MCAD_H */
