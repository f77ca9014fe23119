import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNginx } from '../readers/nginx.ts'
import { statementsOf } from '../readers/nginx-statements.ts'
import { ReaderError } from '../readers/reader-error.ts'
import { httpGet } from '../support/http-get.ts'
import { runningServer } from '../support/running-server.ts'
import { serverProgram } from '../support/server-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { rawText, rawWord } from './raw-words.ts'

const versions = ['1.18', '1.22', '1.26', '1.30']
const seed = 20_261_121
const head = 'daemon off; master_process off; pid nginx.pid; error_log stderr; events { }\n'

/** What nginx says of a configuration, and the line that it names. */
interface Complaint {
  readonly message: string
  readonly line: number | null
}

/** nginx logs this much of a word at least. */
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

/** What nginx must say of a text none of whose words is a directive: how that begins, and where. */
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

/** For a failure's message: long runs of one character are told by their length. */
const shown = (value: unknown): string =>
  JSON.stringify(value).replace(/(.)\1{20,}/g, (run, one: string) => `<${run.length} x ${one}>`)

/** Words about as long as nginx's buffer, at several places of it, with what may follow them. */
const longTexts = [4093, 4094, 4095, 4096, 4097].flatMap((length) =>
  ['', '\n', `${'x'.repeat(3000)} `, ' '.repeat(4095), `#${'c'.repeat(length - 1)}\n`].flatMap(
    (before) =>
      ['', '"', "'"].flatMap((quote) =>
        [';', ' ;', ' b;', '{', '', '\n'].map(
          (after) => `${before}${quote}${'a'.repeat(length)}${quote}${after}`,
        ),
      ),
  ),
)

describe.each(versions)('the nginx reader beside nginx %s', (version) => {
  const nginx = serverProgram(`nginx-${version}`)

  test('sees the same first directive, or the same mistake on the same line', () => {
    using folder = temporaryFolder()
    const texts = [...fc.sample(rawText, { numRuns: 600, seed }), ...longTexts]
    const kinds = new Map<string, number>()
    const differing: unknown[] = []
    for (const text of texts) {
      const expected = expectedOf(text)
      const kind = expected.message.split('"')[0] ?? ''
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      const said = complaintOf(nginx, folder.path, text)
      if (!agree(said, expected)) differing.push(shown({ text, said, expected }))
    }
    expect(differing).toEqual([])
    const seen = [...kinds].filter(([, times]) => times >= 20).map(([kind]) => kind)
    expect(seen.sort()).toEqual([
      'no ',
      'too long parameter',
      'unexpected ',
      'unexpected end of file',
      'unknown directive ',
    ])
  })

  test('gives the very bytes that nginx has in memory', async () => {
    using folder = temporaryFolder()
    const words = new Map<string, string>()
    const rare = ['"a\0b"', 'a\u0001\u007fb'].concat(
      [4000, 4092].map((length) => `"${'\\\\$'.repeat(length / 4)}"`),
    )
    for (const raw of [...fc.sample(rawWord, { numRuns: 2500, seed }), ...rare]) {
      const word = singleWord(raw)
      if (word !== null) words.set(raw, word)
    }
    expect(words.size).toBeGreaterThan(500)

    const blocks = [...words.keys()].map((raw, i) => `geo $v${i} { default ${raw}; }\n`)
    const locations = [...words.keys()].map((_, i) => `location = /${i} { return 200 $v${i}; }\n`)
    const socketPath = join(folder.path, 'socket')
    const text = `${head}http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
      uwsgi_temp_path u; scgi_temp_path s; variables_hash_max_size 65536; server_names_hash_bucket_size 128;
      ${blocks.join('')} server { listen unix:${socketPath}; ${locations.join('')} } }\n`
    const file = join(folder.path, 'n.conf')
    writeFileSync(file, text)
    await using _ = await runningServer(nginx, ['-p', folder.path, '-c', file], {}, () =>
      httpGet({ socketPath, path: '/0' }).then(
        () => true,
        () => false,
      ),
    )
    const differing: unknown[] = []
    for (const [i, [raw, word]] of [...words].entries()) {
      const { body } = await httpGet({ socketPath, path: `/${i}` })
      if (!body.equals(Buffer.from(word)))
        differing.push(shown({ raw, word, nginx: body.toString() }))
    }
    expect(differing).toEqual([])
  })
})

/** The word, when the reader says that this raw text is exactly one. */
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
