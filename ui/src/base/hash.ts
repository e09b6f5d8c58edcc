// SPDX-License-Identifier: Apache-2.0

// Part of the contract: the same name has the same number on every page, in every version.
const kSeed = 2408477;
const kPrime = 16777619;

/** FNV-1a with a final mix, over UTF-8: 32 bits, the same in every browser. */
export function hashName(name: string): number {
  let hash = kSeed;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, kPrime) >>> 0;
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
  return (hash ^ (hash >>> 12)) >>> 0;
}
