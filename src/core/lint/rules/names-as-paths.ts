import { atKey, atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

/** A name of the spec that becomes a file or a folder. */
interface PathName {
  readonly folder: string
  /** As it is on the disk. */
  readonly name: string
  readonly path: SpecPath
  readonly part: 'key' | 'value'
}

const ofUpstream = ({ name, app, path, servers }: Upstream): readonly PathName[] => {
  if (app.runtime === 'none') return []
  if (app.runtime !== 'tomcat') return [{ folder: app.runtime, name, path, part: 'key' }]
  const table: PathName = { folder: 'tomcat', name: `${name}.sql`, path, part: 'key' }
  return [
    ...(app.sessions.store === 'jdbc' ? [table] : []),
    ...servers.map((each): PathName => ({ folder: 'tomcat', ...each, part: 'key' })),
  ]
}

const namesIn = ({ name, upstreams }: Cluster): readonly PathName[] => [
  { folder: '', name: `${name}.conf`, path: ['name'], part: 'value' },
  ...upstreams.flatMap(ofUpstream),
]

/** Device names of Windows, with any extension. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

const mostBytes = 255

const problemOf = (name: string): string | null => {
  if (device.test(name)) return 'is a device on Windows, where no file can have this name'
  if (name.startsWith('-')) return 'begins with "-": commands take such a file name for an option'
  if (/[. ]$/.test(name)) return 'ends with a dot or a space, which Windows drops from file names'
  return Buffer.byteLength(name) > mostBytes ? `is longer than ${mostBytes} bytes` : null
}

const placeOf = ({ path, part }: PathName) => (part === 'key' ? atKey(path) : atValue(path))

/** Equal for names that are one file on a disk that ignores case, or stores composed characters. */
const keyOf = ({ folder, name }: PathName): string =>
  `${folder}/${name.normalize('NFC').toLowerCase()}`

const twins = (names: readonly PathName[]): readonly Diagnostic[] => {
  const seen = new Map<string, PathName>()
  return names.flatMap((each) => {
    const first = seen.get(keyOf(each))
    if (first === undefined) seen.set(keyOf(each), each)
    // One Tomcat may serve several upstreams.
    const isSameServer = first?.name === each.name && first.path.length === each.path.length
    if (first === undefined || isSameServer) return []
    return [
      report(
        'name-twin',
        placeOf(each),
        `"${each.name}" and "${first.name}" (${first.path.join('.')}) are the same file or folder where case is ignored`,
        'choose names that differ in more than case',
      ),
    ]
  })
}

/** Names that cannot be files or folders everywhere that a folder of artifacts is copied to. */
export const namesAsPaths: ListingRule = (cluster) => {
  const names = namesIn(cluster)
  const impossible = names.flatMap((each) => {
    const problem = problemOf(each.name)
    const message = `"${each.name}", which names a file or folder below --output, ${problem}`
    return problem === null
      ? []
      : [report('name-no-file', placeOf(each), message, 'choose another name')]
  })
  return [...impossible, ...twins(names)]
}
