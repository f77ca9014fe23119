import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitOnHost } from '../../src/adapters/git/commit.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { fc } from '../support/fast-check.ts'
import { gitEnvironment, newRepository } from '../support/git-repository.ts'

const attributes = [
  '',
  'text',
  '-text',
  'text=auto',
  'text=other',
  'crlf',
  '-crlf',
  'crlf=input',
  'eol=crlf',
  'eol=lf',
  'text eol=crlf',
  'text eol=lf',
  'text=auto eol=crlf',
  'text=auto eol=lf',
  '-text eol=crlf',
  'text eol=other',
  'text=auto crlf',
  'working-tree-encoding=UTF-16LE-BOM',
  'working-tree-encoding=UTF-16LE text eol=crlf',
  'working-tree-encoding=UTF-16BE',
  'working-tree-encoding=utf-8 text=auto',
] as const

const settings = fc.record({
  'core.autocrlf': fc.constantFrom(null, 'true', 'false', 'input'),
  'core.eol': fc.constantFrom(null, 'lf', 'crlf', 'native'),
})

const pieces = fc.array(
  fc.constantFrom(
    'a',
    'ü',
    'line\n',
    'line\r\n',
    '\r',
    '\n',
    '\0',
    '\x01',
    '\x1a',
    'x'.repeat(130),
  ),
  { maxLength: 12 },
)

/** A configuration of the repository; as a file, for which no git is started. */
const configOf = (set: Readonly<Record<'core.autocrlf' | 'core.eol', string | null>>): string =>
  Object.entries(set)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `\t${name.replace('core.', '')} = ${value}\n`)
    .reduce((text, line) => text + line, '[core]\n\trepositoryformatversion = 0\n')

/** git refuses these two together. */
const isContradiction = (set: { 'core.autocrlf': string | null; 'core.eol': string | null }) =>
  set['core.autocrlf'] === 'input' && set['core.eol'] === 'crlf'

test('a file of a commit is what git would check out', async () => {
  const folder = tempDir()
  const repository = newRepository(folder)
  const env = { PATH: process.env['PATH'], ...gitEnvironment }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...attributes),
      settings.filter((set) => !isContradiction(set)),
      pieces,
      async (attribute, set, text) => {
        // Committed as it is, whatever the attributes make of it.
        repository.write({
          '.git/config': configOf({ 'core.autocrlf': 'false', 'core.eol': 'native' }),
          '.gitattributes': '* -text\n',
          file: text.join(''),
        })
        repository.git('add', '--all')
        repository.git('commit', '--quiet', '--allow-empty', '--message', 'a change')
        repository.write({ '.git/config': configOf(set), '.gitattributes': `* ${attribute}\n` })
        const expected = execFileSync('git', ['cat-file', '--filters', 'HEAD:file'], {
          cwd: folder,
          env,
          stdio: ['ignore', 'pipe', 'ignore'],
        })
        const commit = await gitOnHost(new AbortController().signal, env).commit(folder, 'HEAD')
        const bytes = (await commit.read(join(folder, 'file'))) ?? new Uint8Array()
        expect(Buffer.from(bytes).toString('hex')).toBe(expected.toString('hex'))
      },
    ),
    { numRuns: 60, seed: 11 },
  )
}, 180_000)
