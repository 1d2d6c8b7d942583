# LLVM-MCA-BEGIN a
addl %eax, %ecx
movq (%rdi,%rax,8), %rdx
# LLVM-MCA-END
vfmadd213ps %ymm0, %ymm1, %ymm2
xorl %eax, %eax
lock addq $1, (%rsi)
rep movsb
1: jne 1b
