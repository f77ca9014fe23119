import { afterAll, describe, expect } from 'vitest'
import type { ScenarioResult, Trial } from '../../../src/core/traffic/evaluate.ts'
import type { FigureName } from '../../../src/core/traffic/figures/figures.ts'
import { type ScenarioName, scenarioNames } from '../../../src/core/traffic/scenario.ts'
import { styleFor } from '../../../src/report/style.ts'
import { formatComparison } from '../../../src/report/traffic/comparison.ts'
import { type Programs, scenarioOptions, trialsOf } from '../support/lab.ts'
import { type Jars, type Missing, withServers } from '../support/servers.ts'
import { type Boot, libOf } from '../support/spring-boot.ts'

type Found<Tools> = { readonly [Name in keyof Tools]?: Exclude<Tools[Name], undefined> | Missing }

type Met = Programs & { readonly jars?: Jars; readonly boot?: Boot }

/**
 * What runs a row: programs by the names of the lab's options, jars for `--libs`, and those of an
 * application of Spring Boot.
 */
type RowNeeds = Found<Met>

/** Shares that a scenario has to show: 1 is all, 0 none. */
type Shares = Partial<Record<FigureName, number>>

/** One line of the lab's table: a spec, what runs it, and what becomes of its sessions. */
export interface Row {
  /** Also of the spec's file. */
  readonly name: string
  /** The text of the spec. */
  readonly spec: string
  readonly needs: RowNeeds
  /** The processes that the lab reports, without stand-ins. */
  readonly about: string | RegExp
  /** Each scenario that is run. */
  readonly expected: Partial<Record<ScenarioName, Shares>>
  /** In what the lab may differ from the spec; else in nothing. */
  readonly notes?: readonly RegExp[]
  readonly clients?: number
  /** Of each client. */
  readonly requests?: number
  /** Files that the spec names. */
  readonly beside?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** More attempts, where what is seen hangs on a moment that a busy machine may miss. */
  readonly retry?: number
}

/** So many requests of a lab are under way at once, and may die with a server. */
const underWay = 8
const calm: readonly ScenarioName[] = ['spread', 'nat', 'cdn', 'sticky', 'parallel', 'url', 'drain']

const foldersOf = ({ files }: Jars): ReadonlySet<string> =>
  new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))))

const check = ({ scenario, figures, reason }: ScenarioResult, shares: Shares): void => {
  expect(figures?.shares, `${scenario}: ${reason}`).toMatchObject(shares)
  // While a store is down, requests that need it fail.
  if (scenario === 'store') return
  const dying = scenario === 'rolling' ? (figures?.servers.length ?? 0) : 1
  const allowed = calm.includes(scenario) ? 0 : underWay * dying
  expect(figures?.failed, `${scenario}: requests that failed`).toBeLessThanOrEqual(allowed)
}

const runRow = async (row: Row, { jars, boot, ...programs }: Met): Promise<Trial> => {
  const { name, spec, expected, clients = 5, requests = 3, args = [], beside = {} } = row
  const scenarios = scenarioNames.filter((one) => expected[one] !== undefined)
  const size = ['--clients', String(clients), '--requests', String(requests)]
  const libs = jars === undefined ? [] : [...foldersOf(jars)].flatMap((one) => ['--libs', one])
  const lib = boot === undefined ? [] : ['--spring-boot', libOf(boot)]
  const [trial, ...others] = await trialsOf({
    specs: { [name]: spec },
    beside,
    programs,
    args: [...size, ...scenarioOptions(...scenarios), ...libs, ...lib, ...args],
  })
  if (trial === undefined || others.length > 0) throw new Error('one spec, one trial')
  return trial
}

/** Notes about the user of the programs, as the tests run as root, and about stores without a password. */
const ofThisHost = [/^programs run as /, /has no password: while the lab runs/]

/**
 * A table of the lab, a test for each row; the text that `sessctl lab --compare` prints ends the output
 * of the file.
 */
export const labTable = (title: string, rows: readonly Row[]): void => {
  describe(title, () => {
    const trials = new Map<string, Trial>()
    for (const row of rows) {
      const { needs, retry = 0 } = row
      const body = async (found: Met): Promise<void> => {
        const trial = await runRow(row, found)
        trials.set(row.name, trial)
        expect(trial.about).toMatch(row.about)
        const known = [...ofThisHost, ...(row.notes ?? [])]
        const isKnown = (note: string): boolean => known.some((one) => one.test(note))
        expect(trial.notes.filter((note) => !isKnown(note))).toEqual([])
        for (const result of trial.results) check(result, row.expected[result.scenario] ?? {})
      }
      withServers({ ...needs }, row.name, (found) => body(found as Met), { retry })
    }
    afterAll(() => {
      const style = styleFor(false)
      const named = [...trials].map(([name, trial]) => ({ ...trial, name }))
      if (named.length > 0)
        process.stdout.write(`\n${title}\n\n${formatComparison(named, style)}\n`)
    })
  })
}
