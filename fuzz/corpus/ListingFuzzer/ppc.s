lwarx 3, 0, 4
stdu 1, -32(1)
xvmaddadp 0, 1, 2
bdnz 0
