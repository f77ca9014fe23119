import type { Context } from '../../context.ts'
import { type Claim, expectationOf } from '../../core/traffic/claims.ts'
import {
  evaluate,
  isFailure,
  type Result,
  skipped,
  type Trial,
} from '../../core/traffic/evaluate.ts'
import { claimsOf, expectedServers } from '../../core/traffic/expectations.ts'
import type { Expected } from '../../core/traffic/figures/evenness.ts'
import { hiddenByOneAddress, oneAddress } from '../../core/traffic/loopback.ts'
import { type TrafficPlanned, trafficPlanned } from '../../core/traffic/planned.ts'
import type { Scenario, Seen, Size } from '../../core/traffic/scenario.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { TrafficWorld } from '../../ports/traffic.ts'
import { formatJson } from '../../report/json.ts'
import { type Style, styleFor } from '../../report/style.ts'
import { trafficPage } from '../../report/traffic/page.ts'
import { formatTrafficPlan } from '../../report/traffic/plan.ts'
import { trafficProgress } from '../../report/traffic/progress.ts'
import { formatTrial } from '../../report/traffic/text.ts'
import type { Outcome, Run } from '../define.ts'
import { namedSpecs } from '../spec-file.ts'
import { drive, type Road } from '../traffic/drive.ts'
import { outputPath, textOrJson } from '../traffic/output.ts'
import { checkShown } from '../traffic/shown.ts'
import type { verifyOptions } from '../verify.ts'
import { identityFor, identityNote, withLimits } from './identity.ts'
import { upstreamOf } from './spec.ts'
import { aimAt, hasManyAddresses, type Reached, reach, urlOf } from './target.ts'
import { type Args, claimsFrom, numberOf, scenariosFor, sizeOf, timeoutOf } from './wishes.ts'

const foreignRate = 50

const loadFor = (args: Args) => ({
  concurrency: numberOf('--concurrency', args.concurrency, 1000),
  rate:
    args.rate === null
      ? args.iOwnThisHost
        ? foreignRate
        : null
      : numberOf('--rate', args.rate, 100_000),
})

interface Watched {
  readonly scenario: Scenario
  readonly seen: Seen
}

const watchAll = async (
  wanted: readonly Scenario[],
  size: Size,
  road: Road,
  world: TrafficWorld,
  args: Args,
  style: Style,
): Promise<readonly Watched[]> => {
  const isSilent = args.quiet || args.format !== 'text'
  const progress = trafficProgress({ ...world.screen, style }, isSilent)
  const nothingHappens = () => Promise.reject(new TypeError('verify makes nothing happen'))
  const watched: Watched[] = []
  try {
    for (const scenario of wanted) {
      const told = progress.begin(scenario)
      const ask: Road['line']['ask'] = async (asked) => {
        const reply = await road.line.ask(asked)
        told()
        return reply
      }
      const counted = { ...road, line: { ...road.line, ask } }
      const seen = await drive(scenario.behaviour(size), counted, nothingHappens)
      watched.push({ scenario, seen })
    }
  } finally {
    progress.end()
  }
  return watched
}

/** Every server that any scenario has seen: one that a scenario never reaches is missing there. */
const seenServers = (watched: readonly Watched[]): Expected | null => {
  const names = new Set(
    watched.flatMap(({ seen }) => seen.observations.flatMap(({ server }) => server ?? [])),
  )
  return names.size > 1 ? new Map([...names].map((name) => [name, 1])) : null
}

/** Names that nobody knows: as many servers as there should be are told apart by their numbers. */
const numberedServers = (count: number): Expected =>
  new Map(Array.from({ length: count }, (_, index) => [`server ${index + 1}`, 1]))

const firstNotes = ({ first, place }: Reached): readonly string[] => {
  const { status, headers } = first.answer
  const [location] = headers.get('location') ?? []
  return [
    ...(status >= 400
      ? [`${place.path} answers ${status}: name a page that the application serves`]
      : []),
    ...(status >= 300 && status < 400
      ? [`${place.path} redirects to ${location ?? 'somewhere'}, and redirects are not followed`]
      : []),
    ...(place.hasManyAddresses ? [] : [`${oneAddress}: scenarios that need several are skipped`]),
  ]
}

/** Nobody has said whether the balancer chooses by address. */
const mayBeByAddress = `${oneAddress}, and the balancer may choose by address`

const isUneven = ({ scenario, checks }: Result): boolean =>
  scenario === 'spread' && checks.some(({ figure, isHeld }) => figure === 'even' && isHeld !== true)

const planned = (plan: TrafficPlanned, args: Args): Outcome => {
  const exitCode = exitCodes.done
  const text = () => (args.quiet ? '' : formatTrafficPlan(plan))
  const stdout = args.format === 'json' ? formatJson('verify', exitCode, { plan }) : text()
  return { exitCode, stdout, stderr: '' }
}

const answer = (trial: Trial, args: Args, page: () => string, context: Context): Outcome => {
  const exitCode = trial.results.some(isFailure) ? exitCodes.found : exitCodes.done
  const stdout = {
    json: () => formatJson('verify', exitCode, { trials: [trial] }),
    html: page,
    text: () => (args.quiet ? '' : formatTrial(trial, styleFor(context.colour.stdout))),
  }
  const form = args.format === 'json' || args.format === 'html' ? args.format : 'text'
  return { exitCode, stdout: stdout[form](), stderr: '' }
}

export const runVerify: Run<typeof verifyOptions> = async (args, context, { operands }) => {
  const [written = '', ...specs] = operands
  const url = urlOf(written)
  const asked = claimsFrom(args)
  const [size, load] = [sizeOf(args), loadFor(args)]
  timeoutOf(args)
  const [file = null] = namedSpecs(args.file === null ? [] : [args.file], specs)
  const upstream = await upstreamOf(file, args.allowOutside, args.upstream, context)
  const identity = identityFor(args, upstream)
  // How many are to be answered is a limit of whatever is claimed.
  const isNamed = asked.some(({ name }) => name !== 'answered')
  const declared: readonly Claim['name'][] =
    upstream !== null ? claimsOf(upstream) : isNamed ? [] : ['sticky', 'spread']
  textOrJson(args)
  const claims = [...declared.map((name) => ({ name, least: null })), ...asked]
  const wanted = scenariosFor(args, claims)
  const output = await outputPath(args.output, context)
  const given = args.servers === null ? null : numberOf('--servers', args.servers, 10_000)
  const world = await context.traffic()
  const aim = await aimAt(url, args, context, world)
  const hiddenAt = (address: string) => {
    const isOne = !hasManyAddresses(address, aim)
    return (one: Scenario) => (isOne ? hiddenByOneAddress(one, size, upstream) : null)
  }
  const likely = hiddenAt(aim.addresses[0] ?? '')
  checkShown(wanted, likely)
  if (args.dryRun)
    return planned(trafficPlanned(url.href, aim.addresses, wanted, size, claims, likely), args)

  const reached = await reach(url, aim, args, context, world)
  const hidden = hiddenAt(reached.target.address)
  checkShown(wanted, hidden)
  const shown = wanted.filter((scenario) => hidden(scenario) === null)
  const line = world.open(reached.target)
  const { clock } = world
  const road: Road = {
    line,
    place: reached.place,
    identity: withLimits(identity, world.limited),
    load,
    clock,
    signal: context.signal,
  }
  let watched: readonly Watched[]
  try {
    watched = await watchAll(shown, size, road, world, args, styleFor(context.colour.stderr))
  } finally {
    line.close()
  }
  const servers =
    upstream !== null
      ? expectedServers(upstream)
      : given !== null
        ? numberedServers(given)
        : seenServers(watched)
  const isAsked = (scenario: Scenario) => asked.some(({ name }) => name === scenario.name)
  const results = wanted.map((scenario): Result => {
    const reason = hidden(scenario)
    const seen = watched.find((one) => one.scenario === scenario)?.seen
    if (reason !== null || seen === undefined)
      return skipped(scenario, reason ?? '', isAsked(scenario))
    const result = evaluate(scenario, seen, expectationOf(scenario, claims, servers))
    const isUnclear = upstream === null && !reached.place.hasManyAddresses && isUneven(result)
    return isUnclear ? skipped(scenario, mayBeByAddress, isAsked(scenario)) : result
  })
  const trial: Trial = {
    name: url.href,
    about: `${size.clients} clients${upstream === null ? '' : `, upstream ${upstream.name} of ${file}`}`,
    notes: [identityNote(identity), ...firstNotes(reached)],
    results,
  }
  const page = () => trafficPage(`sessctl verify ${url.href}`, [trial])
  if (output !== null) await context.files.write(output, page())
  return answer(trial, args, page, context)
}
