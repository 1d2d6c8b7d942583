itte eq
addeq r0, r1, r2
moveq r3, #1
movne r3, #2
push {r4, lr}
cbz r0, 1f
1: pop {r4, pc}
