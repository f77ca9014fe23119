import type { HaproxyConfig, HaproxySection, HaproxyStatement } from './config.ts'
import { beginsAgain, haproxyKey, isInherited } from './keys.ts'

/** A file of those that HAProxy is started with, in their order. */
export interface HaproxyFile {
  readonly path: string
  readonly config: HaproxyConfig
}

/** A section, and the file that it is in. */
export interface HaproxyPlace {
  readonly section: HaproxySection
  readonly path: string
}

/** What a section inherits. */
interface Inherited {
  readonly defaults: HaproxyDefaults | null
  /** The name in its `from` if no such section is before; HAProxy refuses it. */
  readonly missing: string | null
}

/** A `defaults` section, and the one that it inherits from. */
export interface HaproxyDefaults extends HaproxyPlace, Inherited {}

/** A frontend, backend or listen section. */
export interface HaproxyProxy extends HaproxyPlace, Inherited {}

/** A line that applies to a proxy. */
export interface HaproxySetting extends HaproxyPlace {
  /** Without `no` in front. */
  readonly name: string
  readonly args: readonly string[]
  /** `no option redispatch` */
  readonly isOff: boolean
  /** False in a conditional block: HAProxy may skip the line, and the one that it replaces is listed, too. */
  readonly isCertain: boolean
  readonly statement: HaproxyStatement
}

const proxies = /^(?:frontend|backend|listen)$/

/**
 * The proxies of a configuration in order. One without `from` inherits from the last `defaults` section
 * before it, which may have a name; a `defaults` section inherits from another one only with `from`.
 * @param files in the order of the options -f: a `defaults` section applies to the next files, too.
 */
export const haproxyProxies = (files: readonly HaproxyFile[]): readonly HaproxyProxy[] => {
  const named = new Map<string, HaproxyDefaults>()
  let last: HaproxyDefaults | null = null
  const found: HaproxyProxy[] = []
  const byName = (from: string): Inherited => {
    const defaults = named.get(from) ?? null
    return { defaults, missing: defaults === null ? from : null }
  }
  for (const { config, path } of files)
    for (const section of config.sections) {
      const { from, keyword, name } = section
      if (keyword === 'defaults') {
        const base = from === null ? { defaults: null, missing: null } : byName(from)
        last = { section, path, ...base }
        if (name !== null) named.set(name, last)
      } else if (proxies.test(keyword)) {
        const base = from === null ? { defaults: last, missing: null } : byName(from)
        found.push({ section, path, ...base })
      }
    }
  return found
}

/** The sections that apply to a proxy, in the order in which HAProxy reads them. */
const placesOf = (proxy: HaproxyProxy): readonly HaproxyPlace[] => {
  const places: HaproxyPlace[] = [proxy]
  for (let each = proxy.defaults; each !== null; each = each.defaults) places.push(each)
  return places.reverse()
}

const settingOf = (
  statement: HaproxyStatement,
  { path, section }: HaproxyPlace,
): HaproxySetting => {
  const hasPrefix = /^(?:no|default)$/.test(statement.name) && statement.args.length > 0
  const [name = '', ...args] = hasPrefix ? statement.args : [statement.name, ...statement.args]
  const isCertain = statement.within.length === 0
  return { name, args, isOff: statement.name === 'no', isCertain, statement, section, path }
}

/** Settings that later lines may replace. */
class Replaceable {
  readonly #all = new Map<string, Map<string | HaproxySection, HaproxySetting[]>>()
  readonly #replaced = new Set<HaproxySetting>()

  add(key: string, part: string | HaproxySection, setting: HaproxySetting): void {
    const parts = this.#all.get(key) ?? new Map<string | HaproxySection, HaproxySetting[]>()
    this.#all.set(key, parts)
    const settings = parts.get(part)
    if (settings === undefined) parts.set(part, [setting])
    else settings.push(setting)
  }

  /** In time proportional to what is replaced. */
  replace(key: string, isPart: (part: string | HaproxySection) => boolean): void {
    const parts = this.#all.get(key)
    for (const [part, settings] of parts ?? []) {
      if (!isPart(part)) continue
      for (const setting of settings) this.#replaced.add(setting)
      parts?.delete(part)
    }
  }

  isReplaced(setting: HaproxySetting): boolean {
    return this.#replaced.has(setting)
  }
}

/**
 * What applies to a proxy, in the order in which HAProxy reads it: inherited lines first, and no line
 * that a later one replaces. `default-server` and rules such as `http-request` add up; an `acl` of a
 * `defaults` section is known to the rules of that section only.
 */
export const haproxySettings = (proxy: HaproxyProxy): readonly HaproxySetting[] => {
  const settings: HaproxySetting[] = []
  const known = new Replaceable()
  const add = (setting: HaproxySetting): void => {
    const { args, isCertain, isOff, name, section, statement } = setting
    const single = haproxyKey(name, args)
    const isReset = statement.name === 'default'
    const key = single ?? name
    const own = beginsAgain(name) ? section : (args[0] ?? '')
    if (isCertain) {
      if (single === null && !isOff && !isReset) {
        if (beginsAgain(name)) known.replace(key, (part) => part !== section)
      }
      // Of several connection modes, "no" removes the one that it names.
      else known.replace(key, (part) => name !== 'option' || part === own || !(isOff || isReset))
    }
    if (isReset || (single === null && isOff)) return
    settings.push(setting)
    known.add(key, own, setting)
  }
  for (const place of placesOf(proxy))
    for (const statement of place.section.lines) {
      const setting = settingOf(statement, place)
      const { args, name } = setting
      const isOwn = place.section === proxy.section
      if (isOwn || isInherited(proxy.section.keyword, name, args)) add(setting)
    }
  return settings.filter((setting) => !known.isReplaced(setting))
}
