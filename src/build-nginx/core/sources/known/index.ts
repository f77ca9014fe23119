import { accessModules } from './access.ts'
import { contentModules } from './content.ts'
import { openrestyModules } from './openresty.ts'
import type { KnownModule } from './row.ts'
import { upstreamModules } from './upstreams.ts'

/** One row for each module that has a name here. */
export const knownModules: Readonly<Record<string, KnownModule>> = {
  ...openrestyModules,
  ...contentModules,
  ...accessModules,
  ...upstreamModules,
}

const plain = (name: string): string => name.replaceAll('_', '-')

/** `upstream-check` is `upstream_check`. */
const names: ReadonlyMap<string, string> = new Map(
  Object.keys(knownModules).map((name) => [plain(name), name]),
)

/** The name in the table; null for a module that is not in it. */
export const knownName = (text: string): string | null => names.get(plain(text)) ?? null

export const knownModule = (name: string): KnownModule | null => {
  const found = knownName(name)
  return found === null ? null : (knownModules[found] ?? null)
}
