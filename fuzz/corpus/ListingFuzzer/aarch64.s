// LLVM-MCA-BEGIN one
ldp x0, x1, [x2], #16
// LLVM-MCA-BEGIN two
fmla v0.4s, v1.4s, v2.4s
// LLVM-MCA-END one
ldadd w0, w1, [x2]
// LLVM-MCA-END two
csel x0, x1, x2, ge
