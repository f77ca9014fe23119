import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { readHaproxy } from '../readers/haproxy.ts'
import { ReaderError } from '../readers/reader-error.ts'
import { fc, seed } from '../support/fast-check.ts'
import { rawText, rawWord } from './raw-words.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** Since 2.9, `-dC` shows the words that it has read. */
const dumping = new Set(['3.0', '3.2'])
const environment = new Map([['a', 'A$"\\ é']])
const frame = `global
  setenv a '${environment.get('a')}'
defaults
  mode http
  timeout client 1m
  timeout connect 1m
  timeout server 1m
`

type Reading = { readonly words: readonly string[] } | { readonly message: string }

/** The words after "description", or how HAProxy complains of them, by the reader. */
const expectedOf = (raw: string): Reading => {
  try {
    const lines = readHaproxy(`backend b\n  description ${raw}\n`, environment)[0]?.lines ?? []
    return { words: lines[0]?.words.slice(1) ?? [] }
  } catch (error) {
    if (error instanceof ReaderError) return { message: error.message }
    throw error
  }
}

/** One line, with no `\x` that makes bytes which are not UTF-8: only the reader minds those. */
const comparable = (raw: string): boolean => !/\n|\\x(?!41|g1|$|[^0-9a-f])/i.test(raw)

/** HAProxy 3.0 also shows the words after an empty one. */
const sameWords = (dump: string | null, words: readonly string[]): boolean => {
  const shown = words.map((word) => `${word} `).join('')
  return dump === null || dump === shown || dump.startsWith(`${shown} `)
}

interface Check {
  readonly said: string
  /** The words as HAProxy shows them, a blank after each; null where it cannot. */
  readonly dump: string | null
}

const line = frame.split('\n').length + 1

const check = (haproxy: string, folder: string, version: string, raw: string): Check => {
  const file = join(folder, 'h.cfg')
  writeFileSync(file, `${frame}backend b\n  description ${raw}\n  fullconn 7\n`)
  const options = dumping.has(version) ? ['-dC'] : []
  // Only showing the words, HAProxy does not carry out a setenv.
  const env = { ...process.env, ...Object.fromEntries(environment) }
  const { stderr, stdout } = spawnSync(haproxy, ['-c', '-f', file, ...options], { env })
  const said = stderr.toString('utf8').replaceAll(file, 'h.cfg')
  if (!dumping.has(version)) return { said, dump: null }
  const dump = /\tdescription ([^\0]*?)\n\tfullconn 7/.exec(stdout.toString('utf8'))?.[1]
  return { said, dump: dump ?? 'nothing' }
}

const agree = ({ said, dump }: Check, expected: Reading): boolean =>
  'message' in expected
    ? said.includes(`parsing [h.cfg:${line}]: ${expected.message}`)
    : !said.includes(`parsing [h.cfg:${line}]: u`) && sameWords(dump, expected.words)

const rareTexts = [
  ...['"$\u007ba"', '"$\u007ba b}" c', `"$a$a{a}"x '$a'`],
  ...[62, 63, 64].map((count) => 'w '.repeat(count).trimEnd()),
]

/** Releases between the oldest and the newest get other texts, and fewer. */
const releases = [
  { version: '2.2', draws: 160, nth: 0 },
  { version: '2.6', draws: 40, nth: 1 },
  { version: '3.0', draws: 40, nth: 2 },
  { version: '3.2', draws: 160, nth: 0 },
]

for (const { version, draws, nth } of releases) {
  const needs = { haproxy: findServer('haproxy', version) }

  describe(`the HAProxy reader compared with HAProxy ${version}`, () => {
    withServers(needs, 'reads the same words, or reports the same mistake', async ({ haproxy }) => {
      const folder = tempDir()
      const kinds = new Map<string, number>()
      const differing: unknown[] = []
      const texts = [rawText, rawWord].flatMap((text) =>
        fc.sample(text, { numRuns: draws, seed: seed + nth }),
      )
      for (const raw of [...texts, ...rareTexts].filter(comparable)) {
        const expected = expectedOf(raw)
        const kind = 'message' in expected ? expected.message : 'words'
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        const seen = check(haproxy.command, folder, version, raw)
        if (!agree(seen, expected)) differing.push(JSON.stringify({ raw, expected, ...seen }))
      }
      expect(differing).toEqual([])
      expect([...kinds.keys()].sort()).toEqual([
        'forbidden first char in environment variable name',
        'too many words',
        'truncated or invalid hexadecimal sequence',
        'unmatched brace in environment variable name',
        'unmatched quote',
        'words',
      ])
      expect(kinds.get('words')).toBeGreaterThan(draws / 2)
    })

    withServers(needs, 'returns the bytes that HAProxy has in memory', async ({ haproxy }) => {
      const words = new Map<string, string>()
      for (const raw of fc.sample(rawWord, { numRuns: 3000 }).filter(comparable)) {
        const expected = expectedOf(raw)
        const [word, ...rest] = 'words' in expected ? expected.words : []
        if (word !== undefined && rest.length === 0) words.set(raw, word)
      }
      words.set(`"${'\\\\é$a'.repeat(700)}"`, `\\é${environment.get('a')}`.repeat(700))
      expect(words.size).toBeGreaterThan(500)

      const port = await freePort()
      const answer = 'http-request return status 200 content-type text/plain string'
      const backends = [...words.keys()].map((raw, i) => `backend b${i}\n  ${answer} ${raw}\n`)
      const config = `${frame}frontend f
  bind 127.0.0.1:${port}
  use_backend %[path,field(2,/)]
${backends.join('')}`
      await startHaproxy(haproxy, config, [port])
      const differing: unknown[] = []
      for (const [i, [raw, word]] of [...words].entries()) {
        const { body } = await get(`http://127.0.0.1:${port}/b${i}`)
        if (body !== word) differing.push(JSON.stringify({ raw, word, body }))
      }
      expect(differing).toEqual([])
    })
  })
}
