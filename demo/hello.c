// What demo.sh traces: a loop, a few functions, some floating point.
#include <stdio.h>

enum { Count = 1000 };

static unsigned collatz(unsigned n) {
  unsigned steps = 0;
  while (n != 1) {
    n = n % 2 ? 3 * n + 1 : n / 2;
    ++steps;
  }
  return steps;
}

static double mean(const unsigned *values, unsigned count) {
  double sum = 0;
  for (unsigned i = 0; i < count; ++i)
    sum += values[i];
  return sum / count;
}

static void sort(unsigned *values, unsigned count) {
  for (unsigned i = 1; i < count; ++i) {
    unsigned value = values[i], at = i;
    for (; at > 0 && values[at - 1] > value; --at)
      values[at] = values[at - 1];
    values[at] = value;
  }
}

int main(void) {
  static unsigned steps[Count];
  for (unsigned i = 0; i < Count; ++i)
    steps[i] = collatz(i + 1);
  double average = mean(steps, Count);
  sort(steps, Count);
  printf(
      "Hello from ARM: Collatz takes %.3f steps on average, %u at the median\n",
      average, steps[Count / 2]);
  return 0;
}
