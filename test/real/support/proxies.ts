import { expect } from 'vitest'
import type { Artifact } from '../../../src/core/render/artifact.ts'
import { compileText } from '../../support/compile.ts'
import { startApache } from './apache.ts'
import { startHaproxy } from './haproxy.ts'
import { httpdConfig } from './httpd-config.ts'
import { startNginx } from './nginx.ts'
import type { RunningServer } from './process.ts'
import { findServer, type Missing, type Server } from './servers.ts'

/** A real proxy, and how it runs what was written for it. */
export interface RealProxy {
  readonly title: string
  readonly server: Server | Missing
  /** Below `targets`. */
  readonly target: (server: Server) => string
  /** `host`: configuration of the host's own, above what was written. */
  readonly start: (
    server: Server,
    artifacts: readonly Artifact[],
    ports: readonly number[],
    host?: string,
  ) => Promise<RunningServer>
}

const textOf = (artifacts: readonly Artifact[], dialect: string): string => {
  const artifact = artifacts.find((candidate) => candidate.dialect === dialect)
  if (!artifact) throw new Error(`nothing was written for ${dialect}`)
  return artifact.text
}

export const nginxOf = (version: string): RealProxy => ({
  title: `nginx ${version}`,
  server: findServer('nginx', version),
  target: (server) => `nginx: { version: "${server.version}" }`,
  start: (server, artifacts, ports, host = '') =>
    startNginx(server, { http: `${host}\n${textOf(artifacts, 'nginx')}` }, ports),
})

export const haproxyOf = (version: string): RealProxy => ({
  title: `HAProxy ${version}`,
  server: findServer('haproxy', version),
  target: (server) => `haproxy: { version: "${server.version}" }`,
  start: (server, artifacts, ports, host = '') =>
    startHaproxy(server, `${host}\n${textOf(artifacts, 'haproxy')}`, ports),
})

export const httpd: RealProxy = {
  title: 'httpd 2.4',
  server: findServer('apache2', '2.4'),
  target: (server) => `httpd: { version: "${server.version}" }`,
  start: (server, artifacts, ports, host = '') => {
    const { text, modules } = httpdConfig(artifacts)
    return startApache(server, `${host}\n${text}`, ports, modules)
  },
}

/** Every release that the tests have. */
export const allProxies: readonly RealProxy[] = [
  ...['1.18', '1.22', '1.26', '1.30'].map(nginxOf),
  ...['2.2', '2.6', '3.0', '3.2'].map(haproxyOf),
  httpd,
]

/** What a spec without its first lines becomes for this proxy. */
export const artifactsFor = (
  proxy: RealProxy,
  server: Server,
  rest: string,
): readonly Artifact[] => {
  const spec = `version: 1\nname: test\ntargets: { ${proxy.target(server)} }\n${rest}`
  const { artifacts, diagnostics } = compileText(spec)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return artifacts
}
