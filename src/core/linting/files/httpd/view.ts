import type { HttpdConfig, HttpdDirective } from '../../../config/httpd/tree.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { ConfigFile } from '../config-file.ts'

export interface HttpdFile {
  readonly source: ConfigFile
  readonly config: HttpdConfig
}

const below = (directives: readonly HttpdDirective[]): readonly HttpdDirective[] =>
  directives.flatMap((each) => [each, ...below(each.block?.children ?? [])])

export const allOf = ({ config }: HttpdFile): readonly HttpdDirective[] => below(config.directives)

/** A parameter `name=value` of a directive. */
export interface Parameter {
  readonly directive: HttpdDirective
  readonly value: string
  /** The index of its word. */
  readonly word: number
}

export const parameterOf = (directive: HttpdDirective, name: string): Parameter | null => {
  const lower = `${name}=`
  const word = directive.words.findIndex(({ value }) => value.toLowerCase().startsWith(lower))
  const found = directive.words[word]
  return found === undefined ? null : { directive, value: found.value.slice(lower.length), word }
}

export interface Balancer {
  readonly name: string
  readonly members: readonly HttpdDirective[]
  /** The parameter stickysession, in the balancer or in a ProxyPass to it. */
  readonly sticky: Parameter | null
}

const passed = /^balancer:\/\/([^/]+)/i

/** The `stickysession` of ProxyPass directives, by the balancers to which they lead. */
const stickyOfPasses = (all: readonly HttpdDirective[]): ReadonlyMap<string, Parameter> => {
  const found = new Map<string, Parameter>()
  for (const directive of all) {
    if (!/^proxypass(?:match)?$/.test(directive.name)) continue
    const sticky = parameterOf(directive, 'stickysession')
    const target = directive.args.find((arg) => passed.test(arg)) ?? ''
    const [, name] = passed.exec(target) ?? []
    if (sticky !== null && name !== undefined && !found.has(name)) found.set(name, sticky)
  }
  return found
}

/** The balancers that are written as `<Proxy balancer://NAME>`. */
export const balancersOf = (file: HttpdFile): readonly Balancer[] => {
  const all = allOf(file)
  const passes = stickyOfPasses(all)
  return all.flatMap(({ name, args, block }) => {
    const [, balancer] = /^balancer:\/\/([^/]+)\/?$/i.exec(args[0] ?? '') ?? []
    if (name !== 'proxy' || balancer === undefined || block === null) return []
    const inside = below(block.children)
    const own = inside
      .filter((each) => each.name === 'proxyset')
      .map((each) => parameterOf(each, 'stickysession'))
      .find((each) => each !== null)
    return [
      {
        name: balancer,
        members: inside.filter((each) => each.name === 'balancermember'),
        sticky: own ?? passes.get(balancer) ?? null,
      },
    ]
  })
}

export const placeOfWord = (
  { source }: HttpdFile,
  { words, start }: HttpdDirective,
  word = 0,
): Place => {
  const found = words[word]
  return source.at(found?.start ?? start, found?.end ?? start)
}

/** Members that get requests, and whose words are all written in the file. */
export const activeMembers = ({ members }: Balancer): readonly HttpdDirective[] =>
  members.filter(
    ({ words, args }) =>
      words.every(({ isFixed }) => isFixed) && !args.some((arg) => /^status=\+?[HD]/i.test(arg)),
  )

/** A cookie that httpd sets to the route of a server. */
export interface AffinityCookie {
  readonly name: string
  readonly directive: HttpdDirective
  /** The index of its word. */
  readonly word: number
}

/** `Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/"` */
export const setAffinityCookies = (file: HttpdFile): readonly AffinityCookie[] =>
  allOf(file).flatMap((directive) => {
    const word = directive.words.findIndex(({ value }) => /^[^=;\s]+=\S*BALANCER_/.test(value))
    if (directive.name !== 'header' || word === -1) return []
    const [name = ''] = directive.words[word]?.value.split('=') ?? []
    return [{ name, directive, word }]
  })
