import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { InputFile, Inputs } from '../dialect.ts'
import { doctypeProblems } from './base-doctype.ts'
import { type BaseFile, openBase } from './base-file.ts'
import { type BaseServer, readBaseServer } from './base-server.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { httpPortOf } from './ports.ts'

type Key = 'base' | 'contextBase'

/** The file that an instance names, or that its app names for all. */
const inputOf = ({ server, app }: Instance, key: Key): InputFile | null => {
  const own = server.tomcat[key]
  if (own !== null) return { kind: 'file', path: own, at: atValue([...server.path, 'tomcat', key]) }
  const shared = app[key]
  return shared === null
    ? null
    : { kind: 'file', path: shared, at: atValue([...app.path, 'tomcat', key]) }
}

/** Every existing file that the instances name. */
export const inputsOf = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap((instance) =>
    (['base', 'contextBase'] as const).flatMap((key) => inputOf(instance, key) ?? []),
  )

/** The existing files of one instance; null where it has none, or where one cannot be edited. */
export interface Bases {
  readonly server: BaseServer | null
  readonly context: BaseFile | null
}

export interface ReadBases {
  /** In the order of the instances. */
  readonly bases: readonly Bases[]
  readonly diagnostics: readonly Diagnostic[]
}

const isDiagnostic = (value: object): value is Diagnostic => 'severity' in value

/** Reads and understands the existing files; one that several instances share is parsed once. */
export const readBases = (instances: readonly Instance[], inputs: Inputs): ReadBases => {
  const diagnostics: Diagnostic[] = []
  const opened = new Map<string, BaseFile | null>()
  const kept = <Value extends object>(value: Value | Diagnostic): Value | null => {
    if (!isDiagnostic(value)) return value
    diagnostics.push(value)
    return null
  }
  const open = (instance: Instance, key: Key): BaseFile | null => {
    const input = inputOf(instance, key)
    if (input === null) return null
    const root = key === 'base' ? 'Server' : 'Context'
    const known = opened.get(`${root} ${input.path}`)
    if (known !== undefined) return known
    const bytes = inputs.get(input.path)
    const file = kept(
      bytes instanceof Uint8Array
        ? openBase(input.path, bytes, root)
        : report('tomcat-base-invalid', input.at, `"${input.path}" cannot be read`, null),
    )
    if (file !== null) diagnostics.push(...doctypeProblems(file))
    opened.set(`${root} ${input.path}`, file)
    return file
  }
  const bases = instances.map((instance): Bases => {
    const file = open(instance, 'base')
    const { frontends, server: wanted } = instance
    const host = wanted.address.kind === 'inet' ? wanted.address.host : null
    const server = file && kept(readBaseServer(file, frontends, httpPortOf(instance), host))
    return { server, context: open(instance, 'contextBase') }
  })
  return { bases, diagnostics }
}
