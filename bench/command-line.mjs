import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const sessctl = join(root, 'bin/sessctl.js')

/** The fixtures of the tests. @param {string} name */
export const fixture = (name) => join(root, 'fixtures/specs', name)

/** A process that starts node and does nothing. */
export const nothing = { name: 'node -e 0', argv: [process.execPath, '-e', '0'] }

/** @param {readonly string[]} args */
export const sessctlArgv = (args) => [process.execPath, sessctl, ...args]

/** `--pairs N` of the command line. @param {number} usual */
export const pairsWanted = (usual) => {
  const { values } = parseArgs({ options: { pairs: { type: 'string', default: String(usual) } } })
  const pairs = Number(values.pairs)
  if (!Number.isInteger(pairs) || pairs < 4) throw new Error('--pairs takes a number from 4 on')
  if (!existsSync(join(root, 'dist/cli.js'))) throw new Error('run `npm run build` first')
  return pairs
}

/** Calls `body` with a new folder that is gone afterwards. @param {(folder: string) => void} body */
export const inTemporaryFolder = (body) => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-bench-'))
  try {
    body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * `sessctl generate` into a folder that is not there yet.
 * @param {string} spec @param {string} out
 * @returns {import('./paired.mjs').Command}
 */
export const generate = (spec, out) => ({
  name: `generate ${spec}`,
  argv: sessctlArgv(['generate', '--file', spec, '--out', out]),
  before: () => rmSync(out, { recursive: true, force: true }),
})

/**
 * `sessctl diff` of two specs.
 * @param {string} before @param {string} after
 * @returns {import('./paired.mjs').Command}
 */
export const diff = (before, after) => ({
  name: `diff ${before} ${after}`,
  argv: sessctlArgv(['diff', before, after, '--quiet']),
})
