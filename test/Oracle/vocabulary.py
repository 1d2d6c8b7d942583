# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random assembly from templates.

A vocabulary is a set of named groups of templates ("integer", "load", "fp"...)
and the operand classes that the templates name. In a template, `{r64}` is an
operand of the class r64, `[add|sub]` one of the alternatives, and a new line
separates lines that only make sense together (a Thumb IT block). A template
that no assembler takes for some CPU does no harm: generate.py asks llvm-mca
what it accepts.

Tested by compare.py, which fails if too little of what is written survives.
"""

import re

ALTERNATIVES = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


def immediates(low, high, step=1):
    """An operand class: a number in [low, high]."""
    return lambda rng: str(rng.randrange(low, high + 1, step))


def registers(pattern, numbers):
    """An operand class: registers such as x0 ... x28."""
    return [pattern % n for n in numbers]


class Vocabulary:
    """Groups of templates for one instruction set."""

    def __init__(self, comment, operands, groups):
        self.comment = comment    # Starts a comment in this assembly dialect.
        self.operands = operands  # Class name -> list of texts, or rng -> text.
        self.groups = groups      # Group name -> list of templates.
        # Other braces are the assembly's own: ARM's {d0, d1}, x86's {1to16}.
        self.operand = re.compile(r"\{(%s)\}" % "|".join(operands))

    def pick_operands(self, rng, share):
        """The operands one file uses: a share of each class of registers, so
        that some files are chains of dependencies and some hardly have any."""
        return {
            name: texts if callable(texts) else
            rng.sample(texts, max(1, round(len(texts) * share)))
            for name, texts in self.operands.items()
        }

    def expand(self, template, operands, rng):
        """One unit of assembly text from a template; operand classes may have
        templates as their texts (addresses name registers)."""
        text, previous = template, None
        while text != previous:
            previous = text
            text = ALTERNATIVES.sub(
                lambda m: rng.choice(m.group(1).split("|")), text, count=1)

        def choose(match):
            texts = operands[match.group(1)]
            return texts(rng) if callable(texts) else rng.choice(texts)

        while self.operand.search(text):
            text = self.operand.sub(choose, text, count=1)
        return text
