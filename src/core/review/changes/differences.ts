import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Frontend, Location, Server } from '../../model/cluster.ts'
import { isSecretKey } from '../../secrets/keys.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { type Matches, matchLocations, renames, type UpstreamMatch } from '../match.ts'
import { isPair, type Match, type Pair, type Places } from '../side.ts'
import { canonical, canonicalServer, isMap, type NewNames, sameMeaning } from './canonical.ts'

/** A part of the spec that is not the same on both sides. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'renamed' | 'reordered' | 'changed'
  readonly places: Places
  /** The values, or the names; undefined: not set. */
  readonly was: unknown
  readonly is: unknown
}

/** Fields that decide what their object is: where they differ, the other fields are not compared. */
const deciding: readonly string[] = ['method', 'by', 'store', 'runtime', 'kind']

/** Compared as a whole: a part of it means nothing alone. */
const wholes: readonly unknown[] = ['balance']

const below = ({ before, after }: Places, key: string | number): Places => ({
  before: before === null ? null : [...before, key],
  after: after === null ? null : [...after, key],
})

const pathOf = ({ before, after }: Places): SpecPath => after ?? before ?? []

const isWhole = (places: Places): boolean => {
  const key = pathOf(places).at(-1)
  return key !== undefined && (wholes.includes(key) || isSecretKey(key))
}

const decidingKey = (was: object, is: object): string | null =>
  deciding.find((key) => {
    const [left, right] = [Reflect.get(was, key), Reflect.get(is, key)]
    return typeof left === 'string' && typeof right === 'string' && left !== right
  }) ?? null

/** Objects in lists of the same length correspond by their numbers. */
const areLists = (was: unknown, is: unknown): boolean =>
  Array.isArray(was) && Array.isArray(is) && was.length === is.length && was.some(isMap)

const changed = (was: unknown, is: unknown, places: Places): Difference => {
  const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
  return { kind, places, was, is }
}

/** Maps of the user, whose entries are compared even where one side has none. */
const entriesOf = (value: unknown, places: Places): unknown =>
  value === undefined && pathOf(places).at(-1) === 'headers' ? {} : value

/** The smallest parts in which two values differ. */
const differencesOf = (before: unknown, after: unknown, places: Places): readonly Difference[] => {
  const [was, is] = [entriesOf(before, places), entriesOf(after, places)]
  if (sameMeaning(was, is, pathOf(places))) return []
  const areMaps = isMap(was) && isMap(is)
  if (isWhole(places) || !(areMaps || areLists(was, is))) return [changed(was, is, places)]
  const [left, right] = [Object(was), Object(is)] as const
  const key = areMaps ? decidingKey(left, right) : null
  const keys = key === null ? Object.keys({ ...left, ...right }) : [key]
  return keys.flatMap((each) => {
    const at = Array.isArray(was) ? Number(each) : each
    return differencesOf(Reflect.get(left, each), Reflect.get(right, each), below(places, at))
  })
}

const placesOf = (match: Match<{ readonly path: SpecPath }>): Places => ({
  before: match.before?.path ?? null,
  after: match.after?.path ?? null,
})

type Named = Match<{ readonly name: string; readonly path: SpecPath }>

/** Whether the thing itself was added, removed or renamed. */
const identityOf = (match: Named): readonly Difference[] => {
  const { before, after } = match
  if (before?.name === after?.name) return []
  const kind = before === null ? 'added' : after === null ? 'removed' : 'renamed'
  return [{ kind, places: placesOf(match), was: before?.name, is: after?.name }]
}

/** Whether items that are on both sides changed their order. */
const orderOf = <Item>(
  matches: readonly Match<Item>[],
  before: readonly Item[],
  places: Places,
): readonly Difference[] => {
  const numbers = new Map(before.map((item, index) => [item, index]))
  const order = matches.filter(isPair).map((pair) => numbers.get(pair.before) ?? 0)
  const isKept = order.every((number, index) => index === 0 || number > (order[index - 1] ?? 0))
  return isKept ? [] : [{ kind: 'reordered', places, was: undefined, is: undefined }]
}

const valueAt = (spec: Spec, path: SpecPath): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    spec,
  )

const noNames: NewNames = { upstreams: new Map(), stores: new Map() }

const without = (value: unknown, keys: readonly string[]): unknown =>
  isMap(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
    : value

/**
 * Compares the fields of one thing that is on both sides, without those that are compared by
 * themselves.
 */
type CompareFields = (places: Pair<SpecPath>, except: readonly string[]) => readonly Difference[]

const fieldsIn =
  (specs: Pair<Spec>, names: NewNames): CompareFields =>
  ({ before, after }, except) => {
    const [was, is] = [valueAt(specs.before, before), valueAt(specs.after, after)]
    return differencesOf(
      canonical(canonicalServer(without(was, except)), names),
      canonical(canonicalServer(without(is, except)), noNames),
      { before, after },
    )
  }

const pathsOf = ({ before, after }: Pair<{ readonly path: SpecPath }>): Pair<SpecPath> => ({
  before: before.path,
  after: after.path,
})

/** A route that is not set follows from the name of the server. */
const routeOf = ({ before, after }: Pair<Server>): readonly Difference[] =>
  before.route === after.route
    ? []
    : [changed(before.route, after.route, below(pathsOf({ before, after }), 'route'))]

const ofServer = (match: Match<Server>, fields: CompareFields): readonly Difference[] => [
  ...identityOf(match),
  ...(isPair(match) ? [...routeOf(match), ...fields(pathsOf(match), ['route'])] : []),
]

const ofUpstream = (match: UpstreamMatch, fields: CompareFields): readonly Difference[] => {
  const own = identityOf(match)
  if (!isPair(match)) return own
  const servers = below(pathsOf(match), 'servers')
  return [
    ...own,
    ...fields(pathsOf(match), ['servers']),
    ...match.servers.flatMap((server) => ofServer(server, fields)),
    ...orderOf(match.servers, match.before.servers, servers),
  ]
}

const ofLocation = (match: Match<Location>, fields: CompareFields): readonly Difference[] => {
  if (isPair(match)) return fields(pathsOf(match), ['match'])
  const kind = match.before === null ? 'added' : 'removed'
  return [{ kind, places: placesOf(match), was: undefined, is: undefined }]
}

const isExpression = ({ before, after }: Match<Location>): boolean =>
  (after ?? before)?.match.kind.startsWith('~') ?? false

const ofFrontend = (match: Match<Frontend>, fields: CompareFields): readonly Difference[] => {
  const own = identityOf(match)
  if (!isPair(match)) return own
  const locations = matchLocations(match)
  const places = below(pathsOf(match), 'locations')
  // Regular expressions are tried in their order; for other matches it has no meaning.
  const tried = locations.filter(isExpression)
  return [
    ...own,
    ...fields(pathsOf(match), ['locations']),
    ...locations.flatMap((location) => ofLocation(location, fields)),
    ...orderOf(tried, match.before.locations, places),
  ]
}

/** A location with several matches is several locations, whose fields differ in one place. */
const once = (differences: readonly Difference[]): readonly Difference[] => {
  const seen = new Set<string>()
  return differences.filter(({ kind, places }) => {
    const key = JSON.stringify([kind, places])
    return !seen.has(key) && seen.add(key)
  })
}

/** Every part in which two specs differ in their meaning, in the order of the schema. */
export const specDifferences = (specs: Pair<Spec>, matches: Matches): readonly Difference[] => {
  const names = { upstreams: renames(matches.upstreams), stores: renames(matches.stores) }
  const fields = fieldsIn(specs, names)
  const root: Pair<SpecPath> = { before: [], after: [] }
  return once([
    ...fields(root, ['frontends', 'upstreams', 'stores']),
    ...matches.frontends.flatMap((match) => ofFrontend(match, fields)),
    ...matches.upstreams.flatMap((match) => ofUpstream(match, fields)),
    ...matches.stores.flatMap((match) => [
      ...identityOf(match),
      ...(isPair(match) ? fields(pathsOf(match), []) : []),
    ]),
  ])
}
