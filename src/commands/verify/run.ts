import type { Context } from '../../context.ts'
import { type Claim, expectationOf } from '../../core/traffic/claims.ts'
import { evaluate, isFailure, type Result, type Trial } from '../../core/traffic/evaluate.ts'
import { claimsOf, expectedServers } from '../../core/traffic/expectations.ts'
import type { Expected } from '../../core/traffic/figures/evenness.ts'
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
import { drive, type Road } from '../traffic/drive.ts'
import { outputPath } from '../traffic/output.ts'
import type { verifyOptions } from '../verify.ts'
import { identityFor, identityNote } from './identity.ts'
import { upstreamOf } from './spec.ts'
import { type Reached, reach, urlOf } from './target.ts'
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
    ...(place.hasManyAddresses
      ? []
      : [
          'all clients come from one address here: what depends on it (ip_hash, nat) shows nothing',
        ]),
  ]
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
  const [written = ''] = operands
  const url = urlOf(written)
  const asked = claimsFrom(args)
  const [size, load] = [sizeOf(args), loadFor(args)]
  timeoutOf(args)
  const upstream = await upstreamOf(args, context)
  const identity = identityFor(args, upstream)
  // How many are to be answered is a limit of whatever is claimed.
  const isNamed = asked.some(({ name }) => name !== 'answered')
  const declared: readonly Claim['name'][] =
    upstream !== null ? claimsOf(upstream) : isNamed ? [] : ['sticky', 'spread']
  const claims = [...declared.map((name) => ({ name, least: null })), ...asked]
  const wanted = scenariosFor(args, claims)
  const output = await outputPath(args.output, context)
  if (args.dryRun)
    return {
      exitCode: exitCodes.done,
      stdout: formatTrafficPlan(url.href, wanted, size, claims),
      stderr: '',
    }

  const world = await context.traffic()
  const reached = await reach(url, args, context, world)
  const line = world.open(reached.target)
  const { clock } = world
  const road: Road = { line, place: reached.place, identity, load, clock, signal: context.signal }
  let watched: readonly Watched[]
  try {
    watched = await watchAll(wanted, size, road, world, args, styleFor(context.colour.stderr))
  } finally {
    line.close()
  }
  const servers =
    upstream !== null
      ? expectedServers(upstream)
      : args.servers !== null
        ? numberedServers(numberOf('--servers', args.servers, 10_000))
        : seenServers(watched)
  const results: readonly Result[] = watched.map(({ scenario, seen }) =>
    evaluate(scenario, seen, expectationOf(scenario, claims, servers)),
  )
  const trial: Trial = {
    name: url.href,
    about: `${size.clients} clients${upstream === null ? '' : `, upstream ${upstream.name} of ${args.file}`}`,
    notes: [identityNote(identity), ...firstNotes(reached)],
    results,
  }
  const page = () => trafficPage(`sessctl verify ${url.href}`, [trial])
  if (output !== null) await context.files.write(output, page())
  return answer(trial, args, page, context)
}
