@ LLVM-MCA-BEGIN
add r0, r1, r2, lsl #3
ldmia r0!, {r1-r4}
vmla.f32 q0, q1, q2
.arch_extension idiv
sdiv r0, r1, r2
bx lr
@ LLVM-MCA-END
