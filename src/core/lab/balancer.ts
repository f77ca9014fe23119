import type { HaproxyTarget, HttpdTarget, NginxTarget, Target } from '../model/target.ts'
import { atLeast, isAtLeast, parseVersion } from '../model/version.ts'
import type { Artifact } from '../render/artifact.ts'
import type { TemporaryFile, Tool } from '../validate/check.ts'
import { httpdConfig } from '../validate/httpd.ts'
import { type NginxBuild, productOf } from '../validate/nginx/build.ts'
import { wrapNginx } from '../validate/nginx/wrap.ts'
import type { LabProcess } from './program.ts'

/** An installed balancer, and the target whose configuration it runs. */
export type Balancer =
  | {
      readonly target: NginxTarget
      readonly tool: Tool
      readonly build: NginxBuild
      /** Absolute paths of the dynamic modules that it loads. */
      readonly load: readonly string[]
    }
  | { readonly target: HaproxyTarget; readonly tool: Tool }
  | { readonly target: HttpdTarget; readonly tool: Tool; readonly modulesFolder: string | null }

export interface Fitted {
  readonly balancer: Balancer
  /** Why its configuration differs from that of `generate`; null: it does not. */
  readonly note: string | null
}

const targetName = (target: Target): string => {
  if (target.dialect !== 'nginx')
    return `${target.dialect === 'haproxy' ? 'HAProxy' : 'httpd'} ${target.version.text}`
  const modules = target.modules.size === 0 ? '' : ` with ${[...target.modules].join(', ')}`
  return `${productOf(target.flavor)} ${target.version.text}${modules}`
}

/** Changes the target if the installed balancer is older, or lacks a module. */
export const fitBalancer = (balancer: Balancer): Fitted => {
  const { target, tool } = balancer
  const note = `${tool.product} ${tool.version} is installed: its configuration is generated for this version instead of ${targetName(target)}`
  if (!('build' in balancer)) {
    if (atLeast(parseVersion(tool.version), target.version.text)) return { balancer, note: null }
    const version = parseVersion(tool.version)
    return target.dialect === 'haproxy'
      ? { balancer: { ...balancer, target: { ...target, version } } as Balancer, note }
      : { balancer: { ...balancer, target: { ...target, version } } as Balancer, note }
  }
  const { build, load } = balancer
  const has = (name: string): boolean =>
    [...build.modules].some((module) => module === name) ||
    load.some((path) => path.includes(name.replace('-ng', '')))
  const modules = new Set([...balancer.target.modules].filter(has))
  const isEnough =
    build.flavor === balancer.target.flavor &&
    modules.size === balancer.target.modules.size &&
    isAtLeast(parseVersion(build.version), target.version)
  if (isEnough) return { balancer, note: null }
  const version = parseVersion(build.version)
  const fitted = { ...balancer.target, version, flavor: build.flavor, modules }
  return { balancer: { ...balancer, target: fitted }, note }
}

interface Parts {
  readonly balancer: Balancer
  readonly artifacts: readonly Artifact[]
  /** Absolute: of the process. */
  readonly folder: string
  readonly ports: readonly number[]
  readonly isRoot: boolean
}

interface Configured {
  readonly files: readonly TemporaryFile[]
  readonly args: readonly string[]
}

const asFiles = (artifacts: readonly Artifact[]): readonly TemporaryFile[] =>
  artifacts.map(({ path, bytes }) => ({ path, content: bytes }))

/** The files and arguments of a balancer; a message if it cannot be configured. */
export const balancerFiles = (parts: Parts): Configured | string => {
  const { balancer, artifacts, folder, isRoot } = parts
  if ('build' in balancer) {
    const { build, load } = balancer
    const wrapped = wrapNginx(build, { folder, load, isRoot, isServing: true }, artifacts)
    if (typeof wrapped === 'string') return wrapped
    const log = build.hasErrorLogFlag ? ['-e', 'stderr'] : []
    return { files: wrapped.files, args: ['-p', folder, '-c', `${folder}/${wrapped.main}`, ...log] }
  }
  if ('modulesFolder' in balancer) {
    // As root, httpd changes its user to nobody.
    const more = [
      ...(isRoot ? ['User #65534', 'Group #65534'] : []),
      'StartServers 1',
      // The default file does not exist on every host.
      '<IfModule mime_module>\nTypesConfig /dev/null\n</IfModule>',
    ]
    const content = httpdConfig(folder, balancer.modulesFolder, artifacts, more)
    return {
      files: [...asFiles(artifacts), { path: 'httpd.conf', content }],
      args: ['-D', 'FOREGROUND', '-f', `${folder}/httpd.conf`],
    }
  }
  return {
    files: asFiles(artifacts),
    args: ['-db', ...artifacts.flatMap(({ path }) => ['-f', `${folder}/${path}`])],
  }
}

/** How a changed configuration is loaded: by a signal, or by a new process that replaces the old one. */
const reloads = { nginx: 'SIGHUP', haproxy: 'successor', httpd: 'SIGUSR1' } as const
export type Reload = (typeof reloads)[keyof typeof reloads]

export interface BalancerProcess extends LabProcess {
  readonly reload: Reload
}

/** The arguments of a HAProxy that replaces the process with this id. */
export const successorArgs = ({ command }: LabProcess, pid: number): readonly string[] => [
  ...command.args,
  '-sf',
  String(pid),
]

/** The process of the balancer; a message if it cannot be configured. */
export const balancerProcess = (name: string, parts: Parts): BalancerProcess | string => {
  const { balancer, ports } = parts
  const configured = balancerFiles(parts)
  if (typeof configured === 'string') return configured
  const { tool, target } = balancer
  return {
    name,
    role: 'balancer',
    title: `${tool.product} ${tool.version}`,
    isStandIn: false,
    files: configured.files,
    folders: [],
    links: {},
    preparations: [],
    command: { program: tool.program, args: configured.args, env: {} },
    ready: { ports, line: null, path: null },
    setup: [],
    stop: 'SIGTERM',
    reload: reloads[target.dialect],
    warningPattern:
      target.dialect === 'nginx'
        ? /\[(?:warn|error|crit|alert|emerg)\]/
        : /\[(?:WARNING|ALERT)\] .*(?:config|parsing)/,
    log: target.dialect === 'httpd' ? 'error.log' : null,
  }
}
