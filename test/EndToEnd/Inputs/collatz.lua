-- test/EndToEnd/Inputs/collatz.lua: what LuaJIT compiles, of more than one kind.
--
-- Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
-- See LICENSE for license information.
-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
local function steps(n)
  local count = 0
  while n ~= 1 do
    n = n % 2 == 0 and n / 2 or 3 * n + 1
    count = count + 1
  end
  return count
end

local sum, words = 0, {}
for i = 1, 2000 do
  sum = sum + steps(i)
  words[#words + 1] = tostring(i * i):rep(2)
end
assert(jit.status())
print(sum, #table.concat(words))
