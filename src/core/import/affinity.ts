import type { Needs, Values } from './draft.ts'

/** A directive of an upstream block. */
export interface Line {
  readonly name: string
  readonly args: readonly string[]
}

/** The affinity of an upstream block, and what nginx needs for it. */
export interface ImportedAffinity {
  readonly affinity: Values
  readonly needs: Needs
}

export const noNeeds: Needs = {
  modules: [],
  flavor: null,
  isUnpatched: false,
  hasSticky: false,
}

const durationPattern = /^(?:0|[1-9]\d{0,8})(?:ms|s|m|h|d)$/

/** A time of nginx as the spec writes it; null: the spec cannot write it. */
export const durationOf = (text: string): string | null => {
  const full = /^\d+$/.test(text) ? `${text}s` : text
  return durationPattern.test(full) ? full : null
}

/** The parameters `name=value`, and the flags, of a directive. */
const parametersOf = (args: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    args.map((arg) => {
      const at = arg.indexOf('=')
      return at === -1 ? [arg.toLowerCase(), ''] : [arg.slice(0, at), arg.slice(at + 1)]
    }),
  )

const defined = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** The attributes of an affinity cookie, as `sticky cookie` writes them. */
export const cookieAttributes = (args: readonly string[], expiresKey = 'expires'): Values => {
  const given = parametersOf(args)
  const expires = given.get(expiresKey)
  const path = given.get('path')
  return defined({
    expires:
      expires === undefined
        ? undefined
        : expires === 'max'
          ? 'max'
          : (durationOf(expires) ?? expires),
    domain: given.get('domain'),
    path: path === '/' ? undefined : path,
    httpOnly: given.has('httponly') || undefined,
    secure: given.has('secure') || undefined,
    sameSite: given.get('samesite')?.toLowerCase(),
  })
}

const jvmRoute = ({ args }: Line, hasOwnRoutes: boolean): ImportedAffinity => {
  const [session = '', ...flags] = args
  const [, cookie = session, url] = /^\$cookie_(\w+)(?:\|(.+))?$/.exec(session) ?? []
  return {
    affinity: defined({
      method: 'jvm_route',
      cookie,
      url,
      reverse: flags.includes('reverse') ? undefined : false,
      onFailure: flags.includes('strict') ? 'strict' : undefined,
    }),
    needs: { ...noNeeds, modules: ['jvm_route'], isUnpatched: hasOwnRoutes },
  }
}

const native = (affinity: Values, isAngie: boolean, isStrict: boolean): ImportedAffinity => ({
  affinity: isStrict ? { ...affinity, onFailure: 'strict' } : affinity,
  needs: { ...noNeeds, hasSticky: true, flavor: isAngie || isStrict ? 'angie' : null },
})

const sticky = ({ args }: Line, isAngie: boolean, isStrict: boolean): ImportedAffinity => {
  const [kind, ...rest] = args
  if (kind === 'cookie') {
    const [cookie, ...attributes] = rest
    const values = { method: 'sticky', by: 'cookie', cookie, ...cookieAttributes(attributes) }
    return native(values, isAngie, isStrict)
  }
  if (kind === 'route')
    return native({ method: 'sticky', by: 'route', from: rest }, isAngie, isStrict)
  if (kind === 'learn') {
    const given = parametersOf(rest)
    const all = (name: string): readonly string[] =>
      rest.filter((arg) => arg.startsWith(`${name}=`)).map((arg) => arg.slice(name.length + 1))
    const timeout = given.get('timeout')
    const values = defined({
      method: 'sticky',
      by: 'learn',
      create: all('create'),
      lookup: all('lookup'),
      zone: given.get('zone')?.split(':').at(-1),
      // What nginx uses without the parameter; Angie has another default, as the spec has.
      timeout:
        timeout === undefined ? (isAngie ? undefined : '10m') : (durationOf(timeout) ?? timeout),
    })
    return native(values, isAngie, isStrict)
  }
  // nginx-sticky-module-ng: its cookie is named route where the file names none.
  const cookie = parametersOf(args).get('name') ?? 'route'
  return {
    affinity: { method: 'sticky', by: 'cookie', cookie, ...cookieAttributes(args) },
    needs: { ...noNeeds, modules: ['sticky-ng'] },
  }
}

const sessionSticky = ({ args }: Line, isTengine: boolean): ImportedAffinity => {
  const given = parametersOf(args)
  const mode = given.get('mode')
  const isIndirect = given.get('option') === 'indirect'
  return {
    affinity: defined({
      method: 'sticky',
      by: 'cookie',
      cookie: given.get('cookie') ?? 'route',
      ...cookieAttributes(args, 'maxage'),
      mode: mode === 'insert' ? undefined : mode,
      indirect: (mode ?? 'insert') === 'insert' && !isIndirect ? false : undefined,
      onFailure: given.get('fallback') === 'off' ? 'strict' : undefined,
      via: 'module',
    }),
    needs: { ...noNeeds, modules: ['session_sticky'], flavor: isTengine ? 'tengine' : null },
  }
}

/** The affinity of an upstream block; null: it has none. */
export const affinityOf = (
  lines: readonly Line[],
  servers: readonly Line[],
): ImportedAffinity | null => {
  const named = (name: string): Line | undefined => lines.find((line) => line.name === name)
  const hasParameter = (start: string): boolean =>
    servers.some(({ args }) => args.some((arg) => arg.startsWith(start)))
  const route = named('jvm_route')
  if (route !== undefined) return jvmRoute(route, named('srun_id') !== undefined)
  const stickyLine = named('sticky')
  const isStrict = named('sticky_strict')?.args[0] === 'on'
  if (stickyLine !== undefined) return sticky(stickyLine, hasParameter('sid='), isStrict)
  const session = named('session_sticky')
  if (session !== undefined) return sessionSticky(session, hasParameter('id='))
  if (named('ip_hash') !== undefined) return { affinity: { method: 'ip_hash' }, needs: noNeeds }
  const hash = named('hash')
  if (hash === undefined) return null
  const [key, ...flags] = hash.args
  const consistent = flags.includes('consistent') ? { consistent: true } : {}
  return { affinity: { method: 'hash', key, ...consistent }, needs: noNeeds }
}

/** How requests without a session are balanced; null: round robin. */
export const balanceOf = (lines: readonly Line[], affinity: Values | null): unknown => {
  const named = (name: string): Line | undefined => lines.find((line) => line.name === name)
  if (named('least_conn') !== undefined) return 'least_conn'
  if (named('random') !== undefined) return 'random'
  const hash = named('hash')
  if (hash === undefined || affinity?.['method'] === 'hash') return null
  const [key, ...flags] = hash.args
  return flags.includes('consistent') ? { hash: key, consistent: true } : { hash: key }
}
