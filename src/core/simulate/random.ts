/** A source of random numbers that a seed repeats: xorshift, 32 bits. */
export interface Random {
  value: number
}

export const randomFrom = (seed: number): Random => ({ value: seed >>> 0 || 1 })

/** From 0 to 2^32 - 1. */
export const next32 = (random: Random): number => {
  let value = random.value
  value ^= value << 13
  value ^= value >>> 17
  value ^= value << 5
  random.value = value >>> 0
  return random.value
}

/** From 0 to `end` - 1. */
export const nextBelow = (random: Random, end: number): number =>
  Math.floor((next32(random) / 2 ** 32) * end)

/** The numbers from 0 to `count` - 1 in an order by chance. */
export const shuffled = (count: number, seed: number): Uint32Array => {
  const random = randomFrom(seed)
  const numbers = Uint32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = nextBelow(random, last + 1)
    const kept = numbers[last] ?? 0
    numbers[last] = numbers[other] ?? 0
    numbers[other] = kept
  }
  return numbers
}
