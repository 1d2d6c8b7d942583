# Loads, a store, long and short operations, what is eliminated and what has no
# latency: ten instructions.
movq (%rdi), %rax
imulq %rbx, %rax
addq %rax, %rcx
movq %rcx, (%rsi)
movq %rcx, %rdx
xorl %r8d, %r8d
addsd %xmm0, %xmm1
divsd %xmm1, %xmm2
nop
lock xaddq %rdx, (%rsi)
