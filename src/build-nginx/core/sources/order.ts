import { knownModule } from './known/index.ts'
import { type ModuleSource, parseModule } from './modules.ts'
import { isMisread } from './parse.ts'

const neededBy = ({ name }: ModuleSource): readonly string[] => knownModule(name)?.after ?? []

/** What is needed and was not asked for, with the module that needs it. */
const added = (modules: readonly ModuleSource[]): readonly ModuleSource[] => {
  const names = new Set(modules.map(({ name }) => name))
  return modules.flatMap((module) =>
    neededBy(module).flatMap((name) => {
      if (names.has(name)) return []
      names.add(name)
      const read = parseModule(name)
      return isMisread(read) ? [] : [{ ...read, neededBy: module.name }]
    }),
  )
}

/**
 * The modules with those that they need, in an order in which configure can take them: it reads the file
 * `config` of each in the order of its arguments, and nginx loads shared objects in this order.
 */
export const inOrder = (modules: readonly ModuleSource[]): readonly ModuleSource[] => {
  const wanted = [...modules]
  for (let more = added(wanted); more.length > 0; more = added(wanted)) wanted.push(...more)
  const byName = new Map(wanted.map((module) => [module.name, module]))
  const ordered = new Map<string, ModuleSource>()
  const place = (module: ModuleSource, way: readonly string[]): void => {
    if (ordered.has(module.name) || way.includes(module.name)) return
    for (const name of [...neededBy(module), ...(knownModule(module.name)?.behind ?? [])]) {
      const other = byName.get(name)
      if (other !== undefined) place(other, [...way, module.name])
    }
    ordered.set(module.name, module)
  }
  for (const module of wanted) place(module, [])
  return [...ordered.values()]
}
