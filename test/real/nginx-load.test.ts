import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect } from 'vitest'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { renderCluster } from '../support/compile.ts'
import { makeCertificate, placeCertificate } from './support/certificate.ts'
import { checkNginx, checkNginxFile } from './support/nginx.ts'
import { forStockNginx, tlsFilesIn } from './support/nginx-retarget.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const nginxOnly = new Set(['nginx'] as const)

/** All specs with nginx as a target: the examples and the golden cases. */
const specFiles = [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('specs', name)),
  ...readdirSync(join(fixtures, 'cases')).map((name) => join('cases', name, 'sessctl.yaml')),
]

const clusters = specFiles.flatMap((file) => {
  const { cluster } = resolveSpec(readSpec(file, readFileSync(join(fixtures, file))), {})
  return cluster?.targets.some(({ dialect }) => dialect === 'nginx') ? [{ file, cluster }] : []
})

/** A packaged nginx is compiled with paths that the tests must not use. */
const withOwnPaths = (text: string, dir: string): string => {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  mkdirSync(join(dir, 'temp'))
  const http = temps.map((name) => `${name}_temp_path ${dir}/temp/${name};`).join('\n')
  return text
    .replace('worker_processes auto;', `worker_processes auto; pid ${dir}/pid; error_log stderr;`)
    .replace('http {', `http { access_log off;\n${http}`)
}

const checkWhole = (server: Server, texts: ReadonlyMap<string, string>, dir: string) => {
  for (const [path, text] of texts) writeFileSync(join(dir, path.split('/').at(-1) ?? ''), text)
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, withOwnPaths(texts.get('nginx/nginx.conf') ?? '', dir))
  return checkNginxFile(server, file, dir)
}

const withoutSticky = ['1.18', '1.22', '1.26']

/**
 * The codes of what an nginx of these versions without modules does not support. Everything else must
 * load.
 */
const refused: readonly (readonly [
  file: string,
  versions: readonly string[],
  codes: readonly string[],
])[] = [
  ['cases/app-cookies/sessctl.yaml', ['1.18'], ['nginx-cookie-attribute']],
  ['cases/names-that-resolve/sessctl.yaml', ['1.18', '1.22', '1.26'], ['nginx-resolve']],
  ['cases/names-with-one-address/sessctl.yaml', ['1.18', '1.22', '1.26'], ['nginx-resolve']],
  ['specs/sticky-cookie.yaml', ['1.18'], ['nginx-cookie-attribute']],
  ['cases/nginx-sticky-cookie-plus/sessctl.yaml', ['1.18'], ['nginx-cookie-attribute']],
  ['cases/nginx-sticky-cookie-sticky-ng/sessctl.yaml', ['1.18'], ['nginx-cookie-attribute']],
  ['cases/nginx-sticky-cookie-tengine-native/sessctl.yaml', ['1.18'], ['nginx-cookie-attribute']],
  ['cases/nginx-sticky-cookie-userid/sessctl.yaml', ['1.18'], ['nginx-cookie-attribute']],
  [
    'cases/nginx-sticky-cookie-angie/sessctl.yaml',
    ['1.18'],
    ['nginx-cookie-attribute', 'nginx-drain', 'nginx-strict'],
  ],
  [
    'cases/nginx-sticky-cookie-angie/sessctl.yaml',
    ['1.22', '1.26'],
    ['nginx-drain', 'nginx-strict'],
  ],
  ['cases/nginx-sticky-cookie-angie/sessctl.yaml', ['1.30'], ['nginx-strict']],
  [
    'cases/nginx-sticky-cookie-native/sessctl.yaml',
    ['1.18'],
    ['nginx-balance-conflict', 'nginx-cookie-attribute'],
  ],
  ['cases/nginx-sticky-cookie-native/sessctl.yaml', ['1.22', '1.26'], ['nginx-balance-conflict']],
  [
    'cases/nginx-sticky-cookie-tengine/sessctl.yaml',
    withoutSticky,
    ['nginx-drain', 'nginx-strict'],
  ],
  ['cases/nginx-sticky-cookie-tengine/sessctl.yaml', ['1.30'], ['nginx-strict']],
  [
    'cases/nginx-sticky-cookie-tengine-prefix/sessctl.yaml',
    [...withoutSticky, '1.30'],
    ['nginx-cookie-mode'],
  ],
  ['cases/nginx-sticky-learn-angie/sessctl.yaml', withoutSticky, ['nginx-affinity']],
  ['cases/nginx-sticky-learn-native/sessctl.yaml', withoutSticky, ['nginx-affinity']],
]

const tls = tlsFilesIn(tempDir())
beforeAll(async () => {
  const made = await makeCertificate()
  placeCertificate(made, tls)
  placeCertificate(made, { certificate: tls.pem, key: tls.pem })
})

describe.each(['1.18', '1.22', '1.26', '1.30'])(
  'nginx %s loads the generated configuration',
  (version) => {
    const needs = { nginx: findServer('nginx', version) }

    for (const { file, cluster } of clusters) {
      withServers(needs, file, async ({ nginx }) => {
        const dir = tempDir()
        const local = forStockNginx(cluster, nginx.version, dir, tls)
        const { artifacts, diagnostics } = renderCluster(local, nginxOnly)
        const errors = diagnostics.filter(({ severity }) => severity === 'error')
        const codes = [...new Set(errors.map(({ code }) => code))].sort()
        const refusal = refused.find(
          ([name, versions]) => name === file && versions.includes(version),
        )
        expect(codes).toEqual(refusal?.[2] ?? [])
        if (codes.length > 0) return

        const texts = new Map(artifacts.map(({ path, text }) => [path, text]))
        const http = texts.get(`nginx/${cluster.name}.conf`) ?? ''
        expect(http).toMatch(/^upstream /m)
        const check = texts.has('nginx/nginx.conf')
          ? await checkWhole(nginx, texts, dir)
          : await checkNginx(nginx, { http })
        expect(check).toMatchObject({ exitCode: 0, warnings: [] })
      })
    }
  },
)
