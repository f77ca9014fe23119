/** What httpd knows while it reads: what the directives before have defined and loaded. */
export interface HttpdState {
  /** Of `Define` and the option -D, as they are written. */
  readonly defined: Set<string>
  /** Names of modules, as moduleNames() gives them. Null: unknown, each module counts as loaded. */
  readonly modules: Set<string> | null
  /** `2.4.62`; null: unknown, each version counts as this one. */
  readonly version: string | null
}

/** What the httpd of Debian and others has built in. */
export const builtInModules: readonly string[] = [
  ...['core_module', 'http_module', 'so_module', 'log_config_module', 'logio_module'],
  ...['version_module', 'unixd_module', 'watchdog_module'],
]

/** Source files that are not named `mod_NAME.c`. */
const sources: ReadonlyMap<string, string> = new Map([
  ['core', 'core.c'],
  ['http', 'http_core.c'],
  ['ldap', 'util_ldap.c'],
  ['mpm_event', 'event.c'],
  ['mpm_prefork', 'prefork.c'],
  ['mpm_worker', 'worker.c'],
])

/** Both names that `<IfModule>` accepts, from the identifier in `LoadModule`. */
export const moduleNames = (identifier: string): readonly string[] => {
  const name = identifier.replace(/_module$/, '')
  return [identifier, sources.get(name) ?? `mod_${name}.c`]
}

const numbersOf = (version: string): readonly number[] =>
  [0, 1, 2].map((index) => Number.parseInt(version.split('.')[index] ?? '0', 10) || 0)

const compare = (one: string, other: string): number => {
  const [left, right] = [numbersOf(one), numbersOf(other)]
  const differing = left.findIndex((number, index) => number !== right[index])
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0)
}

const comparisons: ReadonlyMap<string, (difference: number) => boolean> = new Map([
  ['=', (difference) => difference === 0],
  ['==', (difference) => difference === 0],
  ['>', (difference) => difference > 0],
  ['>=', (difference) => difference >= 0],
  ['<', (difference) => difference < 0],
  ['<=', (difference) => difference <= 0],
])

const holdsVersion = (args: readonly string[], version: string | null): boolean => {
  const [first = '', second] = args
  const isNegated = first.startsWith('!')
  const operator = second === undefined ? '=' : first.replace(/^!/, '')
  const compared = comparisons.get(operator)
  // A regular expression, or a version that is not known.
  if (version === null || compared === undefined) return true
  return isNegated !== compared(compare(version, second ?? first))
}

/** Sections that httpd replaces by their content while it reads. */
const conditions: ReadonlySet<string> = new Set([
  ...['ifdefine', 'ifmodule', 'ifversion', 'iffile', 'ifdirective', 'ifsection'],
])

/**
 * Whether httpd reads the content of a section. Null: the section is no condition. What depends on the
 * files of the host, or on the directives that modules define, counts as true.
 */
export const holds = (
  name: string,
  args: readonly string[],
  { defined, modules, version }: HttpdState,
): boolean | null => {
  if (!conditions.has(name)) return null
  const [first = ''] = args
  const isNegated = first.startsWith('!')
  const wanted = isNegated ? first.slice(1) : first
  if (name === 'ifdefine') return isNegated !== defined.has(wanted)
  if (name === 'ifmodule') return isNegated !== (modules === null || modules.has(wanted))
  return name === 'ifversion' ? holdsVersion(args, version) : !isNegated
}
