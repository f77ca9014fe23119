import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHaproxy } from '../readers/haproxy.ts'
import { ReaderError } from '../readers/reader-error.ts'
import { httpGet } from '../support/http-get.ts'
import { runningServer } from '../support/running-server.ts'
import { serverProgram } from '../support/server-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { rawText, rawWord } from './raw-words.ts'

const versions = ['2.2', '2.6', '3.0', '3.2']
/** Since 2.9, `-dC` shows the words that it has read. */
const dumping = new Set(['3.0', '3.2'])
const seed = 20_261_121
const environment = new Map([['a', 'A$"\\ é']])
const env = Object.fromEntries(environment)
const frame = `defaults
  mode http
  timeout client 1m
  timeout connect 1m
  timeout server 1m
`

/** The words after "description", or how HAProxy complains of them, by the reader. */
const expectedOf = (raw: string): { words: readonly string[] } | { message: string } => {
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
/** HAProxy 3.0 shows the words behind an empty one, too. */
const sameWords = (dump: string, words: readonly string[]): boolean => {
  const shown = words.map((word) => `${word} `).join('')
  return dump === shown || dump.startsWith(`${shown} `)
}

const manyWords = [62, 63, 64].map((count) => 'w '.repeat(count).trimEnd())

describe.each(versions)('the HAProxy reader beside HAProxy %s', (version) => {
  const haproxy = serverProgram(`haproxy-${version}`)

  const check = (folder: string, raw: string): { readonly said: string; readonly dump: string } => {
    const file = join(folder, 'h.cfg')
    writeFileSync(file, `${frame}backend b\n  description ${raw}\n  fullconn 7\n`)
    const options = dumping.has(version) ? ['-dC'] : []
    const { stderr, stdout } = spawnSync(haproxy, ['-c', '-f', file, ...options], { env })
    const dump = /\tdescription ([^\0]*?)\n\tfullconn 7/.exec(stdout.toString('utf8'))?.[1]
    return { said: stderr.toString('utf8'), dump: dump ?? '' }
  }

  test('sees the same words, or the same mistake', () => {
    using folder = temporaryFolder()
    const kinds = new Map<string, number>()
    const differing: unknown[] = []
    const raws = [
      ...[rawText, rawWord].flatMap((text) => fc.sample(text, { numRuns: 250, seed })),
      ...['"$\u007ba"', '"$\u007ba b}" c', '"$a$a{a}"x \'$a\''],
      ...manyWords,
    ].filter(comparable)
    for (const raw of raws) {
      const expected = expectedOf(raw)
      const { said, dump } = check(folder.path, raw)
      const kind = 'message' in expected ? expected.message : 'words'
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      const agrees =
        'message' in expected
          ? said.includes(`[${join(folder.path, 'h.cfg')}:7]: ${expected.message}`)
          : !/: (unmatched|truncated|forbidden|too many)/.test(said) &&
            (!dumping.has(version) || sameWords(dump, expected.words))
      if (!agrees) differing.push(JSON.stringify({ raw, expected, said: said.slice(-500), dump }))
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
    expect(kinds.get('words')).toBeGreaterThan(150)
  })

  test('gives the very bytes that HAProxy has in memory', async () => {
    using folder = temporaryFolder()
    const words = new Map<string, string>()
    for (const raw of fc.sample(rawWord, { numRuns: 3000, seed }).filter(comparable)) {
      const expected = expectedOf(raw)
      const [word, ...rest] = 'words' in expected ? expected.words : []
      if (word !== undefined && rest.length === 0) words.set(raw, word)
    }
    words.set(`"${'\\\\é$a'.repeat(700)}"`, `\\é${environment.get('a')}`.repeat(700))
    expect(words.size).toBeGreaterThan(500)

    const socketPath = join(folder.path, 'socket')
    const backends = [...words.keys()].map(
      (raw, i) =>
        `backend b${i}\n  http-request return status 200 content-type text/plain string ${raw}\n`,
    )
    const file = join(folder.path, 'h.cfg')
    writeFileSync(
      file,
      `${frame}frontend f\n  bind unix@${socketPath}\n  use_backend %[path,field(2,/)]\n${backends.join('')}`,
    )
    await using _ = await runningServer(haproxy, ['-db', '-f', file], { env }, () =>
      httpGet({ socketPath, path: '/b0' }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    )
    const differing: unknown[] = []
    for (const [i, [raw, word]] of [...words].entries()) {
      const { body } = await httpGet({ socketPath, path: `/b${i}` })
      if (!body.equals(Buffer.from(word)))
        differing.push(JSON.stringify({ raw, word, haproxy: body.toString() }))
    }
    expect(differing).toEqual([])
  })
})
