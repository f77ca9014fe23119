import { decodeConfig } from '../config/text.ts'
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts'
import { insideOnly } from '../outside.ts'
import { compile, readSpec, resolveSpec } from '../pipeline.ts'
import type { Artifact } from '../render/artifact.ts'
import { type ImportSource, inputsOf, isProxy, type ProxySource } from './sources.ts'

/** A line of a file that `sessctl generate` would change, and why. */
export interface Change {
  /** As the spec names it. */
  readonly file: string
  readonly at: Place
  readonly message: string
}

/** What `sessctl generate` makes of a spec. */
export interface Trial {
  /** Why it would write nothing. */
  readonly errors: readonly Diagnostic[]
  readonly changes: readonly Change[]
}

interface ExistingFile {
  readonly file: string
  readonly bytes: Uint8Array
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index])

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** The files of a proxy, as the spec names them. */
const filesOf = ({ config, file }: ProxySource): readonly ExistingFile[] =>
  [...config.files].map(([name, bytes]) => ({
    file: name.startsWith('/') ? name : `${folderOf(file)}${name}`,
    bytes,
  }))

/** The existing files of which an artifact may be the edited one. */
const originalsOf = (
  { path }: Artifact,
  sources: readonly ImportSource[],
  basesByServer: ReadonlyMap<string, readonly string[]>,
): readonly ExistingFile[] => {
  const proxies = sources.filter(isProxy).filter(({ kind }) => path.startsWith(`${kind}/`))
  if (proxies.length > 0)
    return proxies.flatMap(filesOf).filter(({ file }) => fileName(file) === fileName(path))
  const [, server = ''] = /^tomcat\/([^/]+)\/conf\/[^/]*\.xml$/.exec(path) ?? []
  const named = basesByServer.get(server) ?? []
  const isServer = fileName(path) === 'server.xml'
  return sources.flatMap((source) =>
    !isProxy(source) && named.includes(source.file) && (source.kind === 'server') === isServer
      ? [{ file: source.file, bytes: source.bytes }]
      : [],
  )
}

/** What the dialects report where they change something. */
const changeCodes =
  /^(?:(?:nginx|haproxy|httpd)-base-(?:server|method|added)|tomcat-base-(?:port|route|attribute|store|parts|cluster))$/

/** The first line that differs. */
const changeIn = (
  { file, bytes }: ExistingFile,
  artifact: Artifact,
  diagnostics: readonly Diagnostic[],
): Change => {
  const [before, after] = [bytes, artifact.bytes].map((each) => decodeConfig(each).text.split('\n'))
  const index = before?.findIndex((line, number) => line !== after?.[number]) ?? -1
  const line = index === -1 ? (before?.length ?? 1) : index + 1
  const reported = diagnostics.find(
    ({ at, code }) => changeCodes.test(code) && at.kind === 'file' && at.file === file,
  )
  if (reported !== undefined) return { file, at: reported.at, message: reported.message }
  const written = after?.[line - 1]?.trim() ?? ''
  const lineText = before?.[line - 1]?.replace(/\r$/, '') ?? null
  return {
    file,
    at: { kind: 'file', file, line, column: null, lineText },
    message: `generate would write this line: ${written}`,
  }
}

/** Generates with a spec that is not written yet, in memory. */
export const tryOut = (spec: string, text: string, sources: readonly ImportSource[]): Trial => {
  const resolved = resolveSpec(readSpec(spec, text), {})
  const { artifacts, diagnostics } = compile(resolved, insideOnly(inputsOf(sources)), null)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return { errors, changes: [] }
  const basesByServer = new Map(
    (resolved.cluster?.upstreams ?? []).flatMap(({ servers }) =>
      servers.map(({ name, tomcat }) => [
        name,
        [tomcat.base, tomcat.contextBase].filter((path) => path !== null),
      ]),
    ),
  )
  return {
    errors,
    changes: artifacts.flatMap((artifact) => {
      const originals = originalsOf(artifact, sources, basesByServer)
      const [first] = originals
      if (first === undefined || originals.some(({ bytes }) => isSame(bytes, artifact.bytes)))
        return []
      return [changeIn(first, artifact, diagnostics)]
    }),
  }
}
