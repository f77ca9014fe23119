import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Limits, watched } from './watched.ts'

const folder = mkdtempSync(join(tmpdir(), 'sessctl-watched-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const limits: Limits = { cpuMs: 500, wallMs: 20_000, heapMb: 64 }

const bad: Readonly<Record<string, readonly [body: string, limits: Limits, fault: RegExp]>> = {
  'a loop without end': ['for (;;) {}', limits, /took \d+ ms of CPU time, and was ended/],
  'an expression without end': [
    "/(a+)+$/.test('a'.repeat(50) + '!')",
    limits,
    /took \d+ ms of CPU time, and was ended/,
  ],
  'a promise that stays open': [
    'return new Promise(() => {})',
    { ...limits, wallMs: 4_000 },
    /took \d+ ms, and was ended/,
  ],
  'all memory': [
    'const all = []; for (;;) all.push([...Array(1000).keys()])',
    { ...limits, cpuMs: 60_000 },
    /the thread ended: .*memory/,
  ],
  'an exception': ["throw new Error('no')", limits, /^Error: no/],
}

test.each(Object.entries(bad))('%s is reported as a fault', async (name, [body, within, fault]) => {
  const reader = join(folder, `${name}.ts`)
  writeFileSync(reader, `export const read = (bytes) => { if (bytes.length > 0) { ${body} } }`)
  const { read, close } = watched(reader, within)
  expect(await read(Buffer.from('a'))).toMatch(fault)
  // The next input has a thread again.
  expect(await read(Buffer.alloc(0))).toBeNull()
  await close()
})
