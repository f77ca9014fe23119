import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** A name of the spec that is used as the name of a file or folder. */
interface PathName {
  readonly folder: string
  /** As on the disk. */
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
  if (device.test(name)) return 'is a device name on Windows, where no file can have this name'
  if (name.startsWith('-')) return 'starts with "-": commands read such a file name as an option'
  if (/[. ]$/.test(name)) return 'ends with a dot or a space, which Windows removes from file names'
  return Buffer.byteLength(name) > mostBytes ? `is longer than ${mostBytes} bytes` : null
}

const placeOf = ({ path, part }: PathName) => (part === 'key' ? atKey(path) : atValue(path))

/** Equal for names that are one file on a disk that ignores case or stores composed characters. */
const keyOf = ({ folder, name }: PathName): string =>
  `${folder}/${name.normalize('NFC').toLowerCase()}`

/** The generated folder is copied to other systems, and its files are named on command lines. */
export const namesAsPaths: Rule = (cluster, findings) => {
  const first = new Map<string, PathName>()
  for (const each of namesIn(cluster)) {
    const problem = problemOf(each.name)
    if (problem !== null) {
      const message = `"${each.name}" is used as the name of a file or folder, but ${problem}`
      report(findings, 'name-no-file', placeOf(each), message, 'choose another name')
    }
    const other = first.get(keyOf(each))
    first.set(keyOf(each), other ?? each)
    // One Tomcat may serve several upstreams.
    const isSameServer = other?.name === each.name && other.path.length === each.path.length
    if (other === undefined || isSameServer) continue
    const message = `"${each.name}" and "${other.name}" (${other.path.join('.')}) are the same file or folder on a disk that ignores case`
    const help = 'choose names that differ in more than case'
    report(findings, 'name-twin', placeOf(each), message, help)
  }
}
