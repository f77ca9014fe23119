import { insideOnly } from '../../../core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../../core/pipeline.ts'
import type { SmokePorts } from './ports.ts'
import { httpOf, locationsOf, mainOf, type NamedProof } from './proofs.ts'

export interface SmokeSubject {
  readonly release: string
  readonly folder: string
  /** Files for load_module. */
  readonly modules: readonly string[]
  readonly isPatched: boolean
  readonly hasJvmRoute: boolean
  /** Names of what is built into this nginx: `ngx_http_fastcgi_module`. */
  readonly builtIn: readonly string[]
  /** Of the modules with a row in the table, those that are in this nginx or loaded. */
  readonly proofs: readonly NamedProof[]
  /** Root's workers would otherwise be nobody, who may not enter the folder. */
  readonly isRoot: boolean
}

/** What the server blocks that sessctl writes need of nginx, beside the proxy. */
const neededByServers = ['ngx_http_rewrite_module', 'ngx_http_map_module']

/** The affinity of a real spec, through the real generator. */
const httpPart = ({ release, isPatched, builtIn }: SmokeSubject, ports: SmokePorts): string => {
  const listen = `127.0.0.1:${ports.listen}`
  const hasServers = neededByServers.every((name) => builtIn.includes(name))
  const web = { listen: [listen], locations: [{ match: '/', upstream: 'smoke' }] }
  const spec = {
    version: 1,
    name: 'smoke',
    targets: { nginx: { version: release, modules: ['jvm_route'], unpatched: !isPatched } },
    ...(hasServers ? { frontends: { web } } : {}),
    upstreams: {
      smoke: {
        affinity: { method: 'jvm_route', via: 'module' },
        servers: { one: `127.0.0.1:${ports.one}`, two: `127.0.0.1:${ports.two}` },
      },
    },
  }
  const { artifacts, diagnostics } = compile(
    resolveSpec(readSpec('smoke', JSON.stringify(spec)), {}),
    insideOnly(new Map()),
    null,
  )
  const artifact = artifacts.find(({ path }) => path === 'nginx/smoke.conf')
  if (artifact === undefined) {
    throw new Error(
      `the smoke test has no configuration: ${diagnostics.map(({ message }) => message).join('; ')}`,
    )
  }
  return hasServers
    ? artifact.text
    : `${artifact.text}server { listen ${listen}; location / { proxy_pass http://smoke; } }`
}

/** nginx's own quoting of a path. */
const quoted = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&')}"`

/** Modules that make a folder at start, where they were told to when they were compiled. */
const temporaryFolders: Readonly<Record<string, string>> = {
  ngx_http_core_module: 'client_body_temp_path',
  ngx_http_proxy_module: 'proxy_temp_path',
  ngx_http_fastcgi_module: 'fastcgi_temp_path',
  ngx_http_uwsgi_module: 'uwsgi_temp_path',
  ngx_http_scgi_module: 'scgi_temp_path',
}

const temporaryPaths = ({ builtIn, folder }: SmokeSubject): readonly string[] =>
  Object.entries(temporaryFolders).flatMap(([module, directive]) =>
    builtIn.includes(module) ? [`${directive} ${quoted(`${folder}/${directive}`)};`] : [],
  )

/** A whole nginx.conf that stays within its folder and on 127.0.0.1. */
export const smokeConfig = (subject: SmokeSubject, ports: SmokePorts): string =>
  [
    ...subject.modules.map((file) => `load_module ${quoted(file)};`),
    ...(subject.isRoot ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 1;',
    `pid ${quoted(`${subject.folder}/nginx.pid`)};`,
    `lock_file ${quoted(`${subject.folder}/nginx.lock`)};`,
    'error_log stderr notice;',
    'events { worker_connections 64; }',
    ...mainOf(subject.proofs, subject.folder, ports),
    'http {',
    'access_log off;',
    ...temporaryPaths(subject),
    ...httpOf(subject.proofs, subject.folder, ports),
    ...(subject.hasJvmRoute
      ? [httpPart(subject, ports)]
      : [`server { listen 127.0.0.1:${ports.listen}; root ${quoted(subject.folder)}; }`]),
    `server { listen 127.0.0.1:${ports.status};`,
    ...(subject.hasJvmRoute ? ['location / { jvm_route_status smoke; }'] : []),
    ...locationsOf(subject.proofs, subject.folder, ports),
    '}',
    '}',
    '',
  ].join('\n')
