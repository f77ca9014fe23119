import { type Claim, expectationOf } from '../../core/traffic/claims.ts'
import { evaluate, type ScenarioResult, skipped, type Trial } from '../../core/traffic/evaluate.ts'
import { claimsOf, expectedServers } from '../../core/traffic/expectations.ts'
import type { ServerWeights } from '../../core/traffic/figures/evenness.ts'
import { oneAddress, untestableWithOneAddress } from '../../core/traffic/loopback.ts'
import { trafficPlanned } from '../../core/traffic/planned.ts'
import type { Scenario, ScenarioRun, Size } from '../../core/traffic/scenario.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import type { Progress } from '../../report/progress.ts'
import { formatTrafficPlan } from '../../report/traffic/plan.ts'
import { formatTrial } from '../../report/traffic/text.ts'
import type { Run } from '../define.ts'
import { namedSpecs } from '../spec-file.ts'
import { type DriveOptions, runScenario } from '../traffic/drive.ts'
import { checkTestable, numberOf } from '../traffic/options.ts'
import { withProgress } from '../traffic/progress.ts'
import { reportOutcome, reportPath } from '../traffic/report.ts'
import type { verifyOptions } from '../verify.ts'
import { identificationFor, identificationNote, withTimeLimits } from './identity.ts'
import { claimsFrom, loadOf, scenariosFor, sizeOf, timeoutOf, upgradePathOf } from './options.ts'
import { servedBy, upgradeClaims } from './spec.ts'
import {
  connect,
  hasManyAddresses,
  type ReachedTarget,
  resolveDestination,
  urlOf,
} from './target.ts'

const runScenarios = async (
  wanted: readonly Scenario[],
  size: Size,
  options: DriveOptions,
  progress: Progress,
): Promise<ReadonlyMap<Scenario, ScenarioRun>> => {
  const noEvents = () => Promise.reject(new TypeError('verify triggers no events'))
  const [entry] = options.entries
  const runs = new Map<Scenario, ScenarioRun>()
  for (const scenario of wanted) {
    const run = await progress.during(`scenario ${scenario.name}`, (showDetail) => {
      let responses = 0
      const send: typeof entry.client.send = async (request) => {
        const result = await entry.client.send(request)
        showDetail(`${++responses} responses`)
        return result
      }
      const counting = { ...entry, client: { ...entry.client, send } }
      return runScenario(scenario.behaviour(size), { ...options, entries: [counting] }, noEvents)
    })
    runs.set(scenario, run)
  }
  return runs
}

/** The servers of all scenarios: a scenario that never reaches one of them is uneven. */
const seenServers = (runs: Iterable<ScenarioRun>): ServerWeights | null => {
  const names = new Set(
    [...runs].flatMap(({ observations }) => observations.flatMap(({ server }) => server ?? [])),
  )
  return names.size > 1 ? new Map([...names].map((name) => [name, 1])) : null
}

const numberedServers = (count: number): ServerWeights =>
  new Map(Array.from({ length: count }, (_, index) => [`server ${index + 1}`, 1]))

const responseNotes = ({ firstResult, endpoint }: ReachedTarget): readonly string[] => {
  const { status, headers } = firstResult.response
  const [location] = headers.get('location') ?? []
  return [
    ...(status >= 400
      ? [`${endpoint.path} returns ${status}: use the URL of a page of the application`]
      : []),
    ...(status >= 300 && status < 400
      ? [
          `${endpoint.path} redirects${location === undefined ? '' : ` to ${location}`}; redirects are not followed`,
        ]
      : []),
    ...(endpoint.hasManyAddresses
      ? []
      : [`${oneAddress}: scenarios that need several client addresses are skipped`]),
  ]
}

const perhapsByAddress = `${oneAddress}, and the balancer may choose servers by client address`

const isUneven = ({ scenario, checks }: ScenarioResult): boolean =>
  scenario === 'spread' && checks.some(({ figure, isHeld }) => figure === 'even' && isHeld !== true)

export const runVerify: Run<typeof verifyOptions> = async (args, context, { operands }) => {
  const [written = '', ...specs] = operands
  const url = urlOf(written)
  const requested = claimsFrom(args)
  const [size, load] = [sizeOf(args), loadOf(args)]
  timeoutOf(args)
  const [file = null] = namedSpecs(args.file === null ? [] : [args.file], specs)
  const served = await servedBy(file, args.allowOutside, args.upstream, context)
  const upstream = served?.upstream ?? null
  const identification = identificationFor(args, upstream)
  // `answered` is a limit for every scenario, not a scenario.
  const hasRequested = requested.some(({ name }) => name !== 'answered')
  const upgradePath = upgradePathOf(args) ?? url.pathname
  const declared: readonly Claim['name'][] =
    served !== null
      ? [...claimsOf(served.upstream), ...upgradeClaims(served, upgradePath)]
      : hasRequested
        ? []
        : ['sticky', 'spread']
  const claims = [...declared.map((name) => ({ name, minimum: null })), ...requested]
  const wanted = scenariosFor(args, claims)
  const path = await reportPath(args, context)
  const given = args.servers === null ? null : numberOf('--servers', args.servers, 10_000)
  const world = await context.traffic()
  const destination = await resolveDestination(url, args, context, world)
  const untestableAt = (address: string) => {
    const isOne = !hasManyAddresses(address, destination)
    return (one: Scenario) => (isOne ? untestableWithOneAddress(one, size, upstream) : null)
  }
  const likely = untestableAt(destination.addresses[0] ?? '')
  checkTestable(wanted, likely)
  if (args.dryRun) {
    const plan = trafficPlanned(url.href, destination.addresses, wanted, size, claims, likely)
    const exitCode = exitCodes.done
    const text = args.quiet ? '' : formatTrafficPlan(plan)
    const stdout = args.format === 'json' ? formatJson('verify', exitCode, { plan }) : text
    return { exitCode, stdout, stderr: '' }
  }

  const reached = await connect(url, destination, args, context, world)
  const { endpoint, target } = reached
  const untestable = untestableAt(target.address)
  checkTestable(wanted, untestable)
  const client = world.openClient(target)
  const limited = withTimeLimits(identification, world.withTimeLimit)
  const options: DriveOptions = {
    entries: [{ client, endpoint, identification: limited, site: 0 }],
    load,
    clock: world.clock,
    signal: context.signal,
  }
  const isSilent = args.quiet || args.format !== 'text'
  const runs = await withProgress(isSilent, world, context, (progress) =>
    runScenarios(
      wanted.filter((scenario) => untestable(scenario) === null),
      size,
      options,
      progress,
    ),
  ).finally(client.close)
  const servers =
    upstream !== null
      ? expectedServers(upstream)
      : given !== null
        ? numberedServers(given)
        : seenServers(runs.values())
  const results = wanted.map((scenario): ScenarioResult => {
    const isRequested = requested.some(({ name }) => name === scenario.name)
    const run = runs.get(scenario)
    if (run === undefined) return skipped(scenario, untestable(scenario) ?? '', isRequested)
    const result = evaluate(scenario, run, expectationOf(scenario, claims, servers))
    const isUnclear = upstream === null && !endpoint.hasManyAddresses && isUneven(result)
    return isUnclear ? skipped(scenario, perhapsByAddress, isRequested) : result
  })
  const trial: Trial = {
    name: url.href,
    about: `${size.clients} clients${upstream === null ? '' : `, upstream ${upstream.name} of ${file}`}`,
    notes: [identificationNote(identification), ...responseNotes(reached)],
    results,
    addedMs: null,
  }
  return reportOutcome('verify', [trial], args, path, context, (style) =>
    args.quiet ? '' : formatTrial(trial, style),
  )
}
