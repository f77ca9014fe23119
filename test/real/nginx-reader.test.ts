import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { readNginx } from '../readers/nginx.ts'
import { statementsOf } from '../readers/nginx-statements.ts'
import { ReaderError } from '../readers/reader-error.ts'
import { fc, seed } from '../support/fast-check.ts'
import { rawText, rawWord } from './raw-words.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** The error of nginx for a configuration, and its line. */
interface Complaint {
  readonly message: string
  readonly line: number | null
}

/** nginx logs at least this many bytes of a word. */
const logged = 1000

const complaintOf = (nginx: string, folder: string, text: string): Complaint => {
  const file = join(folder, 'n.conf')
  writeFileSync(file, text)
  const { stderr } = spawnSync(nginx, ['-t', '-p', folder, '-c', file])
  const said = stderr.toString('latin1').split('[emerg]')[1] ?? 'no complaint'
  const message = said.slice(said.indexOf(': ') + 2)
  const line = /n\.conf:(\d+)\n/.exec(message)?.[1]
  return { message, line: line === undefined ? null : Number(line) }
}

const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** The beginning and the line of the error that nginx must report for a text without a known directive. */
const expectedOf = (text: string): Complaint => {
  try {
    const { words, end, endLine: line } = statementsOf(Buffer.from(text))()
    if (end === 'eof') return { message: 'no "events" section', line: null }
    if (end === '}') return { message: 'unexpected "}"', line }
    return { message: `unknown directive "${bytesOf(words[0] ?? '')}"`, line }
  } catch (error) {
    if (error instanceof ReaderError) return { message: error.message, line: error.line }
    throw error
  }
}

const agree = (said: Complaint, expected: Complaint): boolean =>
  said.message.startsWith(expected.message.slice(0, logged)) && said.line === expected.line

/** For the message of a failure: long runs of one character are replaced by their length. */
const shown = (value: unknown): string =>
  JSON.stringify(value).replace(/(.)\1{20,}/g, (run, one: string) => `<${run.length} x ${one}>`)

/** Words about as long as the buffer of nginx, at several offsets in it, followed by different text. */
const longTexts = [4093, 4094, 4095, 4096].flatMap((length) =>
  ['', '\n', `${'x'.repeat(3000)} `, ' '.repeat(4095), `#${'c'.repeat(length - 1)}\n`].flatMap(
    (before) =>
      ['', '"', "'"].flatMap((quote) =>
        [';', ' ;', ' b;', '{', '', '\n'].map(
          (after) => `${before}${quote}${'a'.repeat(length)}${quote}${after}`,
        ),
      ),
  ),
)

/** The word, if the reader reads this raw text as exactly one. */
const singleWord = (raw: string): string | null => {
  try {
    const [geo, ...rest] = readNginx(`geo $v { default ${raw}; }`)
    const [entry, ...others] = geo?.block ?? []
    const single = rest.length === 0 && others.length === 0 && entry?.name === 'default'
    return single && entry.args.length === 1 ? (entry.args[0] ?? null) : null
  } catch (error) {
    if (error instanceof ReaderError) return null
    throw error
  }
}

const fewerTexts = (nth: number): readonly string[] => [
  ...fc.sample(rawText, { numRuns: 90, seed: seed + 3 + nth }),
  ...longTexts.filter((_, index) => index % 4 === nth),
]

const rareWords = [
  ...['"a\0b"', 'a\u0001\u007fb'],
  ...[4000, 4092].map((length) => `"${'\\\\é$'.repeat(length / 5)}"`),
]

/** All texts on the oldest and the newest release; every fourth one, and other ones, on those between. */
const releases = [
  { version: '1.18', texts: [...fc.sample(rawText, { numRuns: 350 }), ...longTexts] },
  { version: '1.22', texts: fewerTexts(0) },
  { version: '1.26', texts: fewerTexts(1) },
  {
    version: '1.30',
    texts: [...fc.sample(rawText, { numRuns: 350, seed: seed + 2 }), ...longTexts],
  },
]

for (const { version, texts } of releases) {
  const needs = { nginx: findServer('nginx', version) }

  describe(`the nginx reader agrees with nginx ${version}`, () => {
    withServers(
      needs,
      'reads the same first directive, or reports the same mistake',
      async ({ nginx }) => {
        const folder = tempDir()
        const kinds = new Map<string, number>()
        const differing: unknown[] = []
        for (const text of texts) {
          const expected = expectedOf(text)
          const kind = expected.message.split('"')[0] ?? ''
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
          const said = complaintOf(nginx.command, folder, text)
          if (!agree(said, expected)) differing.push(shown({ text, said, expected }))
        }
        expect(differing).toEqual([])
        const seen = [...kinds].filter(([, times]) => times >= 3).map(([kind]) => kind)
        expect(seen.sort()).toEqual([
          'no ',
          'too long parameter',
          'unexpected ',
          'unexpected end of file',
          'unknown directive ',
        ])
      },
    )

    withServers(needs, 'returns the bytes that nginx has in memory', async ({ nginx }) => {
      const words = new Map<string, string>()
      for (const raw of [...fc.sample(rawWord, { numRuns: 2500 }), ...rareWords]) {
        const word = singleWord(raw)
        if (word !== null) words.set(raw, word)
      }
      expect(words.size).toBeGreaterThan(500)

      const port = await freePort()
      const blocks = [...words.keys()].map((raw, i) => `geo $v${i} { default ${raw}; }\n`)
      const locations = blocks.map((_, i) => `location = /${i} { return 200 $v${i}; }\n`)
      const http = `variables_hash_max_size 65536;
        ${blocks.join('')} server { listen 127.0.0.1:${port}; ${locations.join('')} }`
      await startNginx(nginx, { http }, [port])
      const differing: unknown[] = []
      for (const [i, [raw, word]] of [...words].entries()) {
        const { body } = await get(`http://127.0.0.1:${port}/${i}`)
        if (body !== word) differing.push(shown({ raw, word, body }))
      }
      expect(differing).toEqual([])
    })
  })
}
