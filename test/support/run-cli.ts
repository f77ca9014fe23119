import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/sessctl.js', import.meta.url))

export interface CliResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface CliOptions {
  readonly cwd: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** Words before the command, such as of setpriv or unshare. */
  readonly through?: readonly string[]
  /** Gets the running process: to signal it, for example. */
  readonly whileRunning?: (child: ChildProcess) => void
}

/** Runs the built command line as a user would: no terminal, a small environment. */
export const runCli = (
  args: readonly string[],
  { cwd, input, env = {}, through = [], whileRunning }: CliOptions,
): Promise<CliResult> =>
  new Promise((resolve, reject) => {
    const [program = '', ...words] = [...through, process.execPath, bin, ...args]
    const child = spawn(program, words, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text
    })
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, ...output }))
    // A run that ends before it read everything is no failure of the test.
    child.stdin.on('error', () => undefined)
    if (input !== undefined || whileRunning === undefined) child.stdin.end(input)
    whileRunning?.(child)
  })

/** A private folder that goes when the work is done. */
export const inTemporaryFolder = async <Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-cli-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
