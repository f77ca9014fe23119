import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { ScenarioResult, Trial } from '../../../src/core/traffic/evaluate.ts'
import type { ScenarioName } from '../../../src/core/traffic/scenario.ts'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import type { Server, Tomcat } from './servers.ts'
import { tempDir } from './temp-dir.ts'

export interface Programs {
  readonly nginx?: Server
  readonly haproxy?: Server
  readonly httpd?: Server
  readonly tomcat?: Tomcat
  readonly java?: Server
  readonly redis?: Server
  readonly memcached?: Server
  readonly postgres?: Server
  readonly initdb?: Server
  readonly php?: Server
  readonly python?: Server
}

/** The options that name these programs. */
export const programOptions = ({ tomcat, ...servers }: Programs): readonly string[] => [
  ...Object.entries(servers).flatMap(([name, server]) =>
    server === undefined ? [] : [`--${name}`, server.command],
  ),
  ...(tomcat === undefined ? [] : ['--catalina-home', tomcat.home, '--java', tomcat.java]),
]

interface LabRun {
  /** Each a spec of its own, by its name. */
  readonly specs: Readonly<Record<string, string>>
  readonly programs: Programs
  readonly args?: readonly string[]
  /** Files in the folder of the specs. */
  readonly beside?: Readonly<Record<string, string>>
  readonly whileRunning?: (child: ChildProcess) => void
  /** Words before the command line. */
  readonly through?: readonly string[]
}

export interface LabResult extends CliResult {
  /** The folder in which only the lab creates its folder. */
  readonly folder: string
}

/** The command line in a folder for temporary files of its own. */
export const runLab = async (run: LabRun): Promise<LabResult> => {
  const folder = tempDir()
  const files = Object.entries(run.specs).map(([name, text]) => {
    writeFileSync(join(folder, `${name}.yaml`), text)
    return `${name}.yaml`
  })
  for (const [name, text] of Object.entries(run.beside ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const args = ['lab', ...files, ...programOptions(run.programs), ...(run.args ?? [])]
  const { through = [] } = run
  const options = { cwd: folder, env: { TMPDIR: folder }, through }
  const { whileRunning } = run
  const done = await runCli(
    args,
    whileRunning === undefined ? options : { ...options, whileRunning },
  )
  return { ...done, folder }
}

/** What it says of one spec. */
export const trialsOf = async (run: LabRun): Promise<readonly Trial[]> => {
  const done = await runLab({ ...run, args: ['--format', 'json', ...(run.args ?? [])] })
  expect(done.exitCode, `${done.stderr}\n${done.stdout}`).toBeLessThan(2)
  const { trials } = JSON.parse(done.stdout) as { readonly trials: readonly Trial[] }
  return trials
}

export const resultOf = (trial: Trial | undefined, name: ScenarioName): ScenarioResult => {
  const found = trial?.results.find(({ scenario }) => scenario === name)
  if (found === undefined) throw new Error(`${name} was not run`)
  return found
}

export const scenarioOptions = (...names: readonly ScenarioName[]): readonly string[] =>
  names.flatMap((name) => ['--scenario', name])

interface Parts {
  readonly target?: string
  readonly affinity?: string
  readonly app?: string
  readonly stores?: string
}

/** Two servers behind a balancer that soon retries a failed one. */
export const pairSpec = ({
  target = 'nginx: { version: "1.22.1" }',
  affinity = '{ method: jvm_route }',
  app = '{ runtime: none }',
  stores,
}: Parts = {}): string => `version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers:
      one: { address: "10.0.0.1:8080", failTimeout: 1s }
      two: { address: "10.0.0.2:8080", failTimeout: 1s }
    app: ${app}
${stores === undefined ? '' : `stores: ${stores}\n`}`
