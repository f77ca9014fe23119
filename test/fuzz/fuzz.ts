import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type Limits, watched } from './watched.ts'

/** Inputs tried for each reader; more with FUZZ_RUNS, other ones with FUZZ_SEED. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 100)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

const longest = 64 * 1024
const limits: Limits = { cpuMs: 2000, wallMs: 60_000, heapMb: 512 }

/** A small generator of random numbers, the same for the same seed (mulberry32). */
const randomFrom = (start: number): ((below: number) => number) => {
  let state = start
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

type Random = ReturnType<typeof randomFrom>

const splice = (bytes: Buffer, start: number, end: number, insert: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(end)])

const mutateOnce = (bytes: Buffer, words: readonly string[], random: Random): Buffer => {
  const at = random(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random(32))
  const piece = bytes.subarray(at, end)
  const word = Buffer.from(words[random(words.length)] ?? '', 'latin1')
  switch (random(8)) {
    case 0:
      return splice(bytes, at, Math.min(bytes.length, at + 1), Buffer.from([random(256)]))
    case 1:
      return splice(bytes, at, end, Buffer.alloc(0))
    case 2:
      return splice(bytes, at, at, word)
    case 3:
      return splice(bytes, at, end, word)
    case 4:
      return splice(bytes, at, at, Buffer.alloc((word.length || 1) * random(3000), word))
    case 5:
      return splice(bytes, at, at, Buffer.concat(Array.from({ length: random(500) }, () => piece)))
    case 6:
      return bytes.subarray(0, at)
    default: {
      const from = random(bytes.length + 1)
      return splice(bytes, at, at, bytes.subarray(from, from + random(200)))
    }
  }
}

const mutate = (bytes: Buffer, words: readonly string[], random: Random): Buffer => {
  let mutated = bytes
  for (let count = 1 + random(4); count > 0; count--) mutated = mutateOnce(mutated, words, random)
  return mutated.subarray(0, longest)
}

const corpusOf = (name: string): readonly (readonly [file: string, bytes: Buffer])[] => {
  const folder = fileURLToPath(new URL(`../../fixtures/fuzz/${name}/`, import.meta.url))
  return readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file))] as const)
}

/**
 * Reads the kept inputs of fixtures/fuzz/NAME with readers/NAME.ts, then changed ones: each is read or
 * refused without an exception, and in time. A reader that does not end fails its test.
 * @param words that mean something to the reader.
 */
export const fuzz = (name: string, words: readonly string[]): void => {
  const corpus = corpusOf(name)
  const reader = watched(fileURLToPath(new URL(`readers/${name}.ts`, import.meta.url)), limits)
  afterAll(reader.close)

  const tryOne = async (bytes: Buffer, input: string): Promise<void> => {
    const fault = await reader.read(bytes)
    if (fault !== null)
      throw new Error(`${input}: ${fault}; in base64: ${bytes.toString('base64')}`)
  }

  test.each(corpus)('%s', async (file, bytes) => tryOne(bytes, file))

  test(`${runs} changed inputs`, async () => {
    expect(corpus.length).toBeGreaterThan(0)
    for (let run = 0; run < runs; run++) {
      const random = randomFrom(seed * 1_000_003 + run)
      const [file, bytes] = corpus[random(corpus.length)] ?? ['', Buffer.alloc(0)]
      await tryOne(mutate(bytes, words, random), `run ${run} of ${file}`)
    }
  }, 3_600_000)
}
