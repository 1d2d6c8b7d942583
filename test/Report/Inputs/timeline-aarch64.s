// Loads, stores, long and short operations: ten instructions.
ldr x0, [x1]
mul x2, x0, x2
madd x2, x0, x3, x2
str x2, [x4]
fadd d0, d1, d2
fmul d3, d0, d3
ldp x5, x6, [x1, #16]
udiv x5, x5, x6
add x7, x7, #1
cbz x7, .
