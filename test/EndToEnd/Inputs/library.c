/* Loaded by loads-later.c as it runs, once as each of two libraries. */
int NAME(int A) {
  for (int I = 0; I != 1000; ++I)
    A = A * 5 + I;
  return A;
}
