import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { mapAtMost } from '../../src/commands/map-at-most.ts'
import type { Target } from '../../src/core/model/target.ts'
import { parseVersion } from '../../src/core/model/version.ts'
import { renderCluster } from '../support/compile.ts'
import type { Received } from './sites/application.ts'
import { type Answered, ask } from './sites/ask.ts'
import { type Files, type PlacedSite, placeSite, writeFiles } from './sites/place.ts'
import { type Dialect, isTimeout, type Probe, type Seen, table } from './sites/table.ts'
import { type IssuedCertificate, type Issuer, makeIssuer } from './support/issuer.ts'
import { haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'
import { type Site, sites, sitesFor } from './support/sites.ts'
import { tempDir } from './support/temp-dir.ts'

let issuer: Issuer
let ofSite: IssuedCertificate
let ofDevice: IssuedCertificate
let files: Files

beforeAll(async () => {
  issuer = await makeIssuer('/CN=issuer')
  ofSite = await issuer.issue('site', '/CN=site', ['basicConstraints=CA:FALSE'])
  ofDevice = await issuer.issue('device', '/CN=device 7', ['extendedKeyUsage=clientAuth'])
  const folder = tempDir()
  const names = ['guide.html', 'guide.html.bak', 'assets/a.css', 'drafts/a.html', '.htaccess']
  const others = ['srv/archive/old.html', 'srv/market/unavailable.html', 'srv/market/closed.html']
  writeFiles(folder, [...names.map((name) => `srv/manuals/${name}`), ...others])
  const passwords = join(folder, 'passwords')
  // openssl passwd -apr1 -salt sessctl secret
  writeFileSync(passwords, 'ann:$apr1$sessctl$voVorAEkf/1khP3bl8RCo.\n')
  // The workers of httpd run as another user.
  chmodSync(folder, 0o755)
  files = { folder, pem: ofSite.file, ca: issuer.file, passwords }
})

const expectedOf = ({ seen, unlike }: Probe, proxy: Dialect): Seen => unlike?.[proxy] ?? seen

const receivedIn = ({ body }: Answered): Partial<Received> => {
  try {
    return JSON.parse(body) as Received
  } catch {
    return {}
  }
}

const textOf = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : value.join('\n')

/** What differs; null: nothing. */
const difference = (answer: Answered, wanted: Seen): string | null => {
  if (answer.status !== wanted.status) return `status ${answer.status} instead of ${wanted.status}`
  const { server = '', url, headers = {} } = receivedIn(answer)
  for (const [name, pattern] of Object.entries(wanted.headers ?? {})) {
    const value = textOf(answer.headers[name])
    if (pattern === null ? value !== undefined : !pattern.test(value ?? ''))
      return `${name}: ${value}`
  }
  for (const [name, pattern] of Object.entries(wanted.received ?? {}))
    if (!pattern.test(headers[name] ?? '')) return `received ${name}: ${headers[name]}`
  if (wanted.body !== undefined && !wanted.body.test(answer.body)) return `body ${answer.body}`
  if (wanted.server !== undefined && !wanted.server.test(server)) return `server ${server}`
  return wanted.url === undefined || wanted.url === url ? null : `URL ${url}`
}

const probe = async (one: Probe, { portOf }: PlacedSite, proxy: Dialect): Promise<string[]> => {
  const { at, host, path, times = 1, hasCertificate = false } = one
  const asked = {
    ...one,
    port: portOf(at),
    isTls: at !== 80,
    ...(hasCertificate ? { client: ofDevice } : {}),
  }
  const answers = await Promise.all(Array.from({ length: times }, () => ask(asked)))
  const differences = answers.map((answer) => difference(answer, expectedOf(one, proxy)))
  const [first] = differences
  return first === undefined || first === null || differences.includes(null)
    ? []
    : [`${host}:${at}${path} by ${proxy}: ${first}`]
}

const drive = async (site: Site, real: RealProxy, server: Server, proxy: Dialect) => {
  const target = site.cluster.targets.find(({ dialect }) => dialect === proxy)
  if (target === undefined) throw new Error(`${site.file} has no target ${proxy}`)
  const local = { ...target, version: parseVersion(server.version) } as Target
  const placed = await placeSite(site, local, files)
  const { artifacts, diagnostics } = renderCluster(placed.cluster, new Set([proxy]))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  await real.start(server, artifacts, placed.ports)
  const probes = table[site.file] ?? []
  const all = async (some: readonly Probe[]) =>
    (await Promise.all(some.map((one) => probe(one, placed, proxy)))).flat()
  return [
    ...(await all(probes.filter((one) => !isTimeout(one)))),
    ...(await all(probes.filter(isTimeout))),
  ]
}

test('all sites are driven', () => {
  expect(Object.keys(table).sort()).toEqual(sites.map(({ file }) => file))
})

const proxies = [
  ['nginx', nginxOf('1.30')],
  ['haproxy', haproxyOf('3.0')],
  ['httpd', httpd],
] as const

const sitesAtOnce = 6

for (const [proxy, real] of proxies)
  withServers(
    { server: real.server },
    `${real.title}: each site behaves as its spec says`,
    async ({ server }) => {
      const all = sitesFor(proxy)
      const seen = await mapAtMost(sitesAtOnce, all, (site) => drive(site, real, server, proxy))
      expect(seen.flat()).toEqual([])
    },
  )
