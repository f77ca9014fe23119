import { type Elf, readElf } from './elf.ts'

/** One `ngx_module_t`. */
export interface ModuleFacts {
  readonly name: string
  /** As nginx counts: 1022001 is 1.22.1. */
  readonly version: number
  /** `8,4,8,0011…`. */
  readonly signature: string
}

export interface NginxFacts {
  readonly version: number
  /** Null before 1.9.11, which had no dynamic modules. */
  readonly signature: string | null
  /** What `nginx -V` shows; null when it is not in the file. */
  readonly configureArguments: string | null
  /** `OpenResty 1.25.3.1`: a program made from nginx with another source; null for nginx itself. */
  readonly product: string | null
  readonly machine: number
}

export interface NginxFile extends NginxFacts {
  readonly elf: Elf
}

export interface SharedObject {
  readonly modules: readonly ModuleFacts[]
  readonly machine: number
  readonly elf: Elf
}

const signaturePattern = /^\d{1,2},\d{1,2},\d{1,2},[01]{33,34}$/
/** Words before `version` in ngx_module_t: ctx_index, index, name, spare0, spare1. */
const wordsBefore = 5
const mostModules = 1000

const moduleAt = (elf: Elf, address: number, name: string): ModuleFacts | null => {
  const version = elf.word(address + wordsBefore * elf.pointerSize)
  const to = elf.pointer(address + (wordsBefore + 1) * elf.pointerSize)
  const signature = to === null ? null : elf.text(to)
  if (version === null || signature === null || !signaturePattern.test(signature)) return null
  return { name, version, signature }
}

/** What a dynamic module says about itself; null for a file that is none. */
export const readSharedObject = (bytes: Uint8Array): SharedObject | null => {
  const elf = readElf(bytes)
  const [list, names] = ['ngx_modules', 'ngx_module_names'].map((name) => elf?.symbols.get(name))
  if (elf === null || list === undefined || names === undefined) return null
  const modules: ModuleFacts[] = []
  for (let index = 0; index < mostModules; index++) {
    const at = elf.pointer(list + index * elf.pointerSize)
    if (at === null) break
    const name = elf.pointer(names + index * elf.pointerSize)
    const found = moduleAt(elf, at, name === null ? '?' : (elf.text(name) ?? '?'))
    if (found === null) return null
    modules.push(found)
  }
  return modules.length === 0 ? null : { modules, machine: elf.machine, elf }
}

const versionPattern = /nginx version: [A-Za-z]+\/(\d+)\.(\d+)\.(\d+)/

const productNames: Readonly<Record<string, string>> = {
  openresty: 'OpenResty',
  angie: 'Angie',
  tengine: 'Tengine',
  freenginx: 'freenginx',
}

/** `nginx version: openresty/1.25.3.1`, `nginx version: nginx/1.25.5 (nginx-plus-r32)`. */
const productPattern =
  /(?:nginx|Angie|Tengine) version: ([A-Za-z]+)\/(\d[\w.]*)(?: \(([^)\0\n]*)\))?/i

const productOf = (whole: string): string | null => {
  const [, name = 'nginx', version = '', build = ''] = productPattern.exec(whole) ?? []
  const plus = /nginx-plus-r[\w.-]+/.exec(build)?.[0]
  if (plus !== undefined) return `NGINX Plus (${plus})`
  if (name.toLowerCase() === 'nginx') return null
  return `${productNames[name.toLowerCase()] ?? name} ${version}`
}

/** NUL-terminated texts of the whole file that hold a pattern. */
const textWith = (whole: string, pattern: RegExp): string | null => {
  const match = pattern.exec(whole)
  if (match === null) return null
  const end = whole.indexOf('\0', match.index)
  return whole.slice(match.index, end === -1 ? undefined : end)
}

/** The number nginx calls itself by: 1.22.1 is 1022001. */
export const versionNumber = (release: string): number => {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number)
  return major * 1_000_000 + minor * 1000 + patch
}

export const releaseOf = (version: number): string =>
  `${Math.floor(version / 1_000_000)}.${Math.floor(version / 1000) % 1000}.${version % 1000}`

/** What an nginx binary says about itself, without running it; null for a file that is none. */
export const readNginx = (bytes: Uint8Array): NginxFile | null => {
  const elf = readElf(bytes)
  if (elf === null) return null
  const whole = Buffer.from(bytes).toString('latin1')
  const core = elf.symbols.get('ngx_core_module')
  const facts = core === undefined ? null : moduleAt(elf, core, 'ngx_core_module')
  const written = versionPattern.exec(whole)
  if (facts === null && written === null) return null
  const version = facts?.version ?? versionNumber(written?.slice(1).join('.') ?? '')
  const literal = /(?:^|\0)(\d{1,2},\d{1,2},\d{1,2},[01]{33,34})\0/.exec(whole)?.[1] ?? null
  const text = textWith(whole, /configure arguments: ?/)
  return {
    version,
    signature: facts?.signature ?? literal,
    configureArguments:
      text === null ? null : text.replace(/^configure arguments: ?/, '').trimEnd(),
    product: productOf(whole),
    machine: elf.machine,
    elf,
  }
}
