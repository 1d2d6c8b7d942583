	addi a0, a0, 1
lw a1, 0(a0)
.option push
.option norvc
mul a2, a1, a0
.option pop
beqz a2, 1f
1: ret
