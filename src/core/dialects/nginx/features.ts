import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { NginxFlavor, NginxModule, NginxTarget } from '../../model/target.ts'
import { atLeast, parseVersion, type Version } from '../../model/version.ts'

/** The `sticky` directive that a target has built in. */
export interface NativeSticky {
  /** The server parameter that carries the route. */
  readonly parameter: 'route' | 'sid'
  readonly learn: boolean
  readonly drain: boolean
  /** Angie's sticky_strict: refuse rather than choose another server. */
  readonly strict: boolean
  readonly sameSite: boolean
  /** Angie's variable that says NEW, HIT or MISS. */
  readonly statusVariable: string | null
}

/** What a target's nginx can do, whatever it is called. */
export interface Features {
  readonly flavor: NginxFlavor
  /** As it is called in messages: `nginx 1.26.3`, `Angie 1.9.0`. */
  readonly label: string
  /** The nginx release whose directives it has. */
  readonly core: Version
  /** null: no `sticky` of its own. */
  readonly sticky: NativeSticky | null
  readonly modules: ReadonlySet<NginxModule>
  /** The jvm_route module was built without the core patch. */
  readonly isUnpatched: boolean
  readonly maxConns: boolean
  /** `$realip_remote_addr`: who the connection comes from, whatever a header says. */
  readonly knowsPeer: boolean
  /** log_format's `escape=json`. */
  readonly logsJson: boolean
  /** `$request_port`. */
  readonly knowsRequestPort: boolean
  /** The word TLSv1.3 of ssl_protocols. */
  readonly knowsTls13: boolean
  readonly path: SpecPath
}

/** Oldest first: from this release of the product on, it is based on that nginx. */
type Bases = readonly (readonly [from: string, core: string])[]

/** Angie's releases in between follow nginx closely; no directive that we write came in meanwhile. */
const angieBases: Bases = [
  ['1.0.0', '1.23.1'],
  ['1.12.0', '1.31.2'],
]
const tengineBases: Bases = [
  ['2.2.0', '1.8.1'],
  ['2.3.0', '1.15.9'],
  ['2.3.1', '1.16.0'],
  ['2.3.2', '1.17.3'],
  ['2.3.3', '1.18.0'],
  ['2.3.4', '1.20.1'],
  ['2.4.0', '1.22.1'],
  ['3.0.0', '1.24.0'],
  ['3.2.0', '1.31.3'],
]

const names: Readonly<Record<NginxFlavor, string>> = {
  nginx: 'nginx',
  'nginx-plus': 'NGINX Plus',
  angie: 'Angie',
  tengine: 'Tengine',
  openresty: 'OpenResty',
}

/** The oldest release of each that sessctl writes for. */
export const oldest: Readonly<Record<NginxFlavor, string>> = {
  nginx: '1.8.1',
  'nginx-plus': '1.8.1',
  openresty: '1.8.1',
  angie: '1.0.0',
  tengine: '2.2.0',
}

const basedOn = (bases: Bases, version: Version): Version =>
  parseVersion(bases.findLast(([from]) => atLeast(version, from))?.[1] ?? '0')

const coreOf = ({ flavor, version }: NginxTarget): Version => {
  if (flavor === 'angie') return basedOn(angieBases, version)
  if (flavor === 'tengine') return basedOn(tengineBases, version)
  return version
}

const nativeSticky = ({ flavor, version }: NginxTarget, core: Version): NativeSticky | null => {
  if (flavor === 'nginx-plus') {
    return {
      parameter: 'route',
      learn: true,
      drain: atLeast(core, '1.13.6'),
      strict: false,
      sameSite: atLeast(core, '1.19.4'),
      statusVariable: null,
    }
  }
  if (flavor === 'angie') {
    const isRecent = atLeast(version, '1.12.0')
    if (!atLeast(version, '1.2.0')) return null
    return {
      parameter: 'sid',
      learn: isRecent,
      drain: isRecent,
      strict: true,
      sameSite: true,
      statusVariable: '$upstream_sticky_status',
    }
  }
  if (!atLeast(core, '1.29.6')) return null
  return {
    parameter: 'route',
    learn: true,
    drain: true,
    strict: false,
    sameSite: true,
    statusVariable: null,
  }
}

/** Tengine built its own modules in before 2.3. */
const modulesOf = ({ flavor, version, modules }: NginxTarget): ReadonlySet<NginxModule> =>
  flavor === 'tengine' && !atLeast(version, '2.3.0')
    ? new Set<NginxModule>([...modules, 'session_sticky', 'upstream_check'])
    : modules

export const featuresOf = (target: NginxTarget): Features => {
  const core = coreOf(target)
  return {
    flavor: target.flavor,
    label: `${names[target.flavor]} ${target.version.text}`,
    core,
    sticky: nativeSticky(target, core),
    modules: modulesOf(target),
    isUnpatched: target.unpatched,
    maxConns: target.flavor === 'nginx-plus' || atLeast(core, '1.11.5'),
    knowsPeer: atLeast(core, '1.9.7'),
    logsJson: atLeast(core, '1.11.8'),
    knowsRequestPort: atLeast(core, '1.29.3'),
    knowsTls13: atLeast(core, '1.13.0'),
    path: target.path,
  }
}
