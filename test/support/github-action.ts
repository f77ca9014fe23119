import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const folder = fileURLToPath(new URL('../../.github/actions/sessctl/', import.meta.url))

interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly shell: string
  readonly env?: Readonly<Record<string, string>>
  readonly run: string
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

export const action = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Action

export interface StepResult {
  readonly name: string
  readonly exitCode: number
  readonly output: string
}

export interface ActionRun {
  readonly steps: readonly StepResult[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

type Values = Readonly<Record<string, string>>

/** `github.event.number`, `steps.lint.outputs.file` and `'text'`; unknown names are empty, as on GitHub. */
const termOf = (term: string, values: Values): string =>
  /^'(.*)'$/.exec(term)?.[1] ?? values[term] ?? ''

const comparison = (text: string, values: Values): boolean => {
  const [, left = '', operator, right = ''] = /^(\S+) (==|!=) (\S+)$/.exec(text.trim()) ?? []
  if (operator === undefined) throw new Error(`cannot evaluate ${text}`)
  const isEqual = termOf(left, values) === termOf(right, values)
  return operator === '==' ? isEqual : !isEqual
}

const isTrue = (condition: string, values: Values): boolean =>
  condition.split('&&').every((part) => comparison(part, values))

const expanded = (text: string, values: Values): string =>
  text.replace(/\$\{\{ (\S+) \}\}/g, (_, term: string) => termOf(term, values))

/** bash as GitHub starts it. */
const bash = (script: string, cwd: string, env: Values): Promise<[number, string]> =>
  new Promise((resolve) => {
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script]
    execFile('bash', args, { cwd, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code)
      resolve([exitCode, stdout + stderr])
    })
  })

const contentOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** `name=value` lines, as in GITHUB_OUTPUT. */
const assignmentsIn = (file: string): readonly (readonly [string, string])[] =>
  contentOf(file)
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf('=')
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    })

export interface ActionSetting {
  /** The checked out repository. */
  readonly cwd: string
  /** For files of the job. */
  readonly temporary: string
  readonly inputs?: Values
  /** `github.…`: without secrets but the token. */
  readonly github: Values
  readonly env: Values
  /** Only the steps of these names. */
  readonly only?: readonly string[]
}

/** Runs the steps of the action up to the first that fails, as a runner of GitHub does. */
export const runAction = async (setting: ActionSetting): Promise<ActionRun> => {
  const { cwd, temporary, inputs = {}, github, env, only } = setting
  const summary = join(temporary, 'summary')
  let values: Values = { ...github }
  for (const [name, { default: standard }] of Object.entries(action.inputs))
    values = { ...values, [`inputs.${name}`]: inputs[name] ?? expanded(standard, values) }
  const results: StepResult[] = []
  for (const step of action.runs.steps) {
    if (only !== undefined && !only.includes(step.name)) continue
    if (step.if !== undefined && !isTrue(step.if, values)) continue
    const output = join(temporary, `output-${results.length}`)
    writeFileSync(output, '')
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, expanded(text, values)])
    const [exitCode, said] = await bash(step.run, cwd, {
      ...env,
      ...(Object.fromEntries(own) as Values),
      GITHUB_ACTION_PATH: folder.replace(/\/$/, ''),
      GITHUB_OUTPUT: output,
      GITHUB_PATH: join(temporary, 'path'),
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: temporary,
    })
    results.push({ name: step.name, exitCode, output: said })
    for (const [name, value] of assignmentsIn(output))
      values = { ...values, [`steps.${step.id}.outputs.${name}`]: value }
    if (exitCode !== 0) break
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    expanded(value, values),
  ])
  return {
    steps: results,
    outputs: Object.fromEntries(outputs) as Values,
    summary: contentOf(summary),
  }
}
