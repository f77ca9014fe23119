import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { CliResult } from './run-cli.ts'

/** What `npm run build` made, as runCli runs it. Loaded by Node.js: the modules of src take 2 s for each test file. */
const { answer, contextFor }: typeof import('../../src/cli.ts') = createRequire(import.meta.url)(
  '../../dist/cli.js',
)

const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

/** Nothing interrupts the run. */
const uninterrupted = {
  signal: new AbortController().signal,
  caught: () => null,
  guard: <Result>(work: () => Promise<Result>): Promise<Result> => work(),
  guardAll: () => undefined,
}

interface HereOptions {
  readonly cwd: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Runs a command line as `runCli` does, in the process of the test: a process of its own takes 0.3 s of
 * CPU time. For what a command answers and writes; signals, terminals, accounts, TMPDIR and how
 * progress is printed need `runCli`.
 */
export const runHere = async (
  args: readonly string[],
  { cwd, input = '', env = {} }: HereOptions,
): Promise<CliResult> => {
  const surroundings = {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    packageFolder,
  }
  let progress = ''
  const screen = {
    isTerminal: false,
    columns: 80,
    write: (text: string): void => {
      progress += text
    },
  }
  const host = contextFor(args, surroundings, uninterrupted)
  const context = {
    ...host,
    build: async () => ({ ...(await host.build()), screen }),
    traffic: async () => ({ ...(await host.traffic()), screen }),
    lab: async () => ({ ...(await host.lab()), screen }),
    ask: null,
    readStdin: async () => Buffer.from(input),
  }
  const { exitCode, stdout, stderr } = await answer(args, context, uninterrupted.caught)
  return { exitCode, signal: null, stdout, stderr: progress + stderr }
}
