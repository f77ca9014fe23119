import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../src/build-nginx/core/digest.ts'
import { readAr, writeAr } from '../../../src/build-nginx/core/package/ar.ts'
import {
  changelogText,
  conffilesText,
  controlText,
  dropInRelations,
  modulesRelations,
  plainRelations,
} from '../../../src/build-nginx/core/package/deb.ts'
import { parseDestination } from '../../../src/build-nginx/core/package/destination.ts'
import { oddPath, releaseDate, withFolders } from '../../../src/build-nginx/core/package/entries.ts'
import { layoutOf, rootOf } from '../../../src/build-nginx/core/package/layout.ts'
import { type Manifest, manifestText } from '../../../src/build-nginx/core/package/manifest.ts'
import { purlOf } from '../../../src/build-nginx/core/package/purl.ts'
import { buildName, canonicalJson } from '../../../src/build-nginx/core/package/recipe.ts'
import { sbomText } from '../../../src/build-nginx/core/package/sbom.ts'
import { cyclonedxErrors } from '../../support/cyclonedx.ts'

const sha = (text: string): string => sha256Hex(text)

const manifest: Manifest = {
  producer: 'sessctl build-nginx',
  format: 1,
  release: '1.22.1',
  target: 'nginx',
  build: 'sessctl-0123456789abcdef',
  recipe: null,
  inputs: [
    {
      name: 'nginx',
      kind: 'nginx',
      from: 'apt:nginx=1.22.1-9+deb12u9',
      version: '1.22.1',
      sha256: sha('nginx'),
      isArchive: true,
      commit: null,
      tree: null,
      verified: { how: 'apt', package: 'nginx', version: '1.22.1-9+deb12u9' },
    },
    {
      name: 'openssl',
      kind: 'openssl',
      from: 'https://example.com/openssl-3.0.15.tar.gz',
      version: '3.0.15',
      sha256: sha('openssl'),
      isArchive: true,
      commit: null,
      tree: null,
      verified: { how: 'sha256' },
    },
    {
      name: 'module:headers-more',
      kind: 'module',
      from: 'https://github.com/openresty/headers-more-nginx-module.git@v0.39',
      version: 'a'.repeat(40),
      sha256: sha('module'),
      isArchive: false,
      commit: 'a'.repeat(40),
      tree: 'b'.repeat(40),
      verified: { how: 'commit' },
    },
  ],
  patches: [
    {
      name: 'debian/patches/CVE-2023-44487.patch',
      of: 'nginx',
      sha256: sha('patch'),
      level: 1,
      state: 'applied',
    },
    { name: 'ours.patch', of: 'nginx', sha256: sha('ours'), level: 1, state: 'already' },
  ],
  taints: [],
  environment: {},
  configure: ['--prefix=/opt/nginx'],
  compiler: 'cc 12',
  modules: [{ name: 'headers-more', linkage: 'static', digest: sha('module') }],
  version: ['nginx version: nginx/1.22.1'],
  needs: ['libc.so.6'],
  root: '/opt/nginx',
  files: [{ path: 'sbin/nginx', sha256: sha('binary'), mode: '0755' }],
}

describe('the bill of materials', () => {
  const bom = JSON.parse(sbomText('nginx-sessctl', manifest, () => '--- a\n+++ b\n'))

  test('is valid CycloneDX 1.6, whose schema refuses an invalid one', () => {
    expect(cyclonedxErrors(bom)).toBeNull()
    expect(cyclonedxErrors({ ...bom, serialNumber: 'urn:uuid:none' })).toContain('pattern')
    expect(cyclonedxErrors({ ...bom, components: [{ name: 'x' }] })).toContain('required')
  })
  test('lists linked components, and patches as pedigree of the components that they change', () => {
    expect(bom.components.map((one: { name: string }) => one.name)).toEqual([
      'nginx',
      'openssl',
      'headers-more',
    ])
    const [nginx, openssl] = bom.components
    expect(nginx.pedigree.patches).toEqual([
      {
        type: 'backport',
        diff: {
          text: {
            contentType: 'text/x-diff',
            encoding: 'base64',
            content: Buffer.from('--- a\n+++ b\n').toString('base64'),
          },
        },
        resolves: [{ type: 'security', id: 'CVE-2023-44487', name: 'CVE-2023-44487' }],
      },
    ])
    expect(openssl.pedigree).toBeUndefined()
    expect(openssl.version).toBe('3.0.15')
  })
  test('has a serial number derived from the manifest', () => {
    const serial = (one: Manifest): string =>
      JSON.parse(sbomText('x', one, () => '')).serialNumber as string
    expect(serial(manifest)).toBe(serial(JSON.parse(manifestText(manifest)) as Manifest))
    expect(serial({ ...manifest, release: '1.22.2' })).not.toBe(serial(manifest))
  })
  test('names packages by package URLs', () => {
    expect(manifest.inputs.map(purlOf)).toEqual([
      'pkg:deb/debian/nginx@1.22.1-9%2Bdeb12u9?arch=source',
      `pkg:generic/openssl@3.0.15?checksum=sha256:${sha('openssl')}&download_url=https%3A%2F%2Fexample.com%2Fopenssl-3.0.15.tar.gz`,
      `pkg:github/openresty/headers-more-nginx-module@${'a'.repeat(40)}`,
    ])
  })
})

test('the digest of a recipe does not depend on the order of its keys', () => {
  const recipe = {
    release: '1.26.3',
    sources: { nginx: 'a', 'module:x': 'b' },
    patches: ['c'],
    configure: ['--with-debug'],
    compiler: 'cc',
  }
  const turned = Object.fromEntries(Object.entries(recipe).reverse()) as typeof recipe
  expect(canonicalJson(turned)).toBe(
    '{"compiler":"cc","configure":["--with-debug"],"patches":["c"],"release":"1.26.3","sources":{"module:x":"b","nginx":"a"}}',
  )
  expect(buildName(turned)).toBe(buildName(recipe))
  expect(buildName({ ...recipe, compiler: 'clang' })).not.toBe(buildName(recipe))
})

test('the form of --output is decided by its extension', () => {
  const kinds = [
    'out',
    'out/',
    'nginx-1.26.3',
    'x.tar.gz',
    'x.tgz',
    'x.deb',
    './.deb/x',
    'x.rpm',
    'x.spec.tar.gz',
  ]
  expect(kinds.map((path) => parseDestination(path))).toEqual([
    { kind: 'folder', path: 'out' },
    { kind: 'folder', path: 'out/' },
    { kind: 'folder', path: 'nginx-1.26.3' },
    { kind: 'tar.gz', path: 'x.tar.gz' },
    { kind: 'tar.gz', path: 'x.tgz' },
    { kind: 'deb', path: 'x.deb' },
    { kind: 'folder', path: './.deb/x' },
    { kind: 'rpm', path: 'x.rpm' },
    { kind: 'spec', path: 'x.spec.tar.gz' },
  ])
  for (const path of ['', 'a\nb', 'x.apk', 'x.tar', 'x.tar.xz', 'x.zip', 'X.APK'])
    expect(parseDestination(path)).toHaveProperty('misread')
})

test('paths are those of configure, below a root folder', () => {
  const own = layoutOf(['--prefix=/opt/nginx', '--sbin-path=bin/nginx'])
  expect(own).toEqual({
    prefix: '/opt/nginx',
    nginx: '/opt/nginx/bin/nginx',
    modules: '/opt/nginx/modules',
    configFolder: '/opt/nginx/conf',
  })
  expect(layoutOf(['--conf-path=/etc/nginx/nginx.conf'])?.configFolder).toBe('/etc/nginx')
  expect(layoutOf(['--prefix=.'])).toBeNull()
  expect(layoutOf(['--prefix=/opt/../etc'])).toBeNull()
  if (own === null) return
  expect(rootOf(['/opt/nginx/sbin/nginx', '/opt/nginx/conf'], own)).toBe('/opt/nginx')
  expect(rootOf(['/opt/nginx/sbin/nginx', '/var/log/nginx'], own)).toBe('/')
  expect(rootOf(['/opt/nginx2/sbin/nginx'], own)).toBe('/')
})

describe('a .deb', () => {
  const file = (path: string) => ({ path, mode: 0o644, content: Buffer.from(path) })
  const facts = {
    name: 'nginx-sessctl',
    version: '1.26.3-1+sessctl.0',
    machine: 62,
    relations: plainRelations(['libc6 (>= 2.34)']),
    summary: 'nginx',
    details: ['more'],
  }
  const control = (relations: typeof facts.relations): string =>
    controlText({ ...facts, relations }, 'amd64', withFolders([file('x')]))
  test('replaces packages of Debian only if it has the same files', () => {
    expect(control(facts.relations)).toMatch(/^Depends: libc6 \(>= 2\.34\)$/m)
    expect(control(facts.relations)).not.toMatch(/Conflicts|Replaces|Provides/)
    const dropIn = control(
      dropInRelations({ revision: null, abi: null, modules: ['stream'] }, ['libc6']),
    )
    expect(dropIn).toMatch(/^Depends: nginx-common, iproute2, libc6$/m)
    expect(dropIn).toMatch(/^Provides: httpd, httpd-cgi, nginx, libnginx-mod-stream$/m)
    const instead = 'nginx, nginx-core, nginx-full, nginx-light, nginx-extras, libnginx-mod-stream'
    expect(dropIn).toContain(`\nConflicts: ${instead}\nReplaces: ${instead}\n`)
    const same = control(
      dropInRelations({ revision: '1.22.1-9', abi: 'nginx-abi-1.22.1-7', modules: [] }, []),
    )
    expect(same).toMatch(
      /^Provides: httpd, httpd-cgi, nginx \(= 1\.22\.1-9\), nginx-abi-1\.22\.1-7$/m,
    )
    const echo = control(modulesRelations(['http-echo'], ['nginx-abi-1.22.1-7']))
    expect(echo).toMatch(
      /^Recommends: nginx\nProvides: libnginx-mod-http-echo\nConflicts: libnginx-mod-http-echo\nReplaces: libnginx-mod-http-echo$/m,
    )
  })
  test('has a changelog that names no host and no time of building', () => {
    expect(changelogText(facts, 1_666_137_600)).toBe(
      'nginx-sessctl (1.26.3-1+sessctl.0) unstable; urgency=medium\n\n  * nginx.\n\n -- sessctl build-nginx <build-nginx@sessctl.invalid>  Wed, 19 Oct 2022 00:00:00 +0000\n',
    )
  })
  test('keeps configuration that the user changed', () => {
    const layout = layoutOf([])
    const entries = withFolders([
      file('usr/local/nginx/conf/nginx.conf'),
      file('usr/local/nginx/html/index.html'),
      file('etc/x'),
    ])
    expect(layout === null ? '' : conffilesText(entries, layout.configFolder)).toBe(
      '/etc/x\n/usr/local/nginx/conf/nginx.conf\n',
    )
  })
})

test('an ar archive returns what was put into it', () => {
  const members = [
    { name: 'debian-binary', content: Buffer.from('2.0\n') },
    { name: 'odd', content: Buffer.from('abc') },
    { name: 'empty', content: Buffer.from('') },
  ]
  const archive = writeAr(members, 0)
  expect(archive.length % 2).toBe(0)
  expect(readAr(archive)?.map(({ name, content }) => [name, Buffer.from(content)])).toEqual(
    members.map(({ name, content }) => [name, content]),
  )
  expect(readAr(Buffer.from('not a readable archive'))).toBeNull()
  // Backwards, it would be read for ever.
  for (const size of ['-60', '-1', '1e1', '0x4', '4x', '', ' 4', '1 0', '+4']) {
    const hostile = Buffer.from(archive)
    hostile.write(size.padEnd(10), 8 + 48, 'latin1')
    expect(readAr(hostile)).toBeNull()
  }
})

test('the date of a release is the date in its change log', () => {
  const text =
    '\nChanges with nginx 1.26.30       01 Jan 2030\n\nChanges with nginx 1.26.3        05 Feb 2025\n'
  expect(releaseDate(text, '1.26.3')).toBe(Date.UTC(2025, 1, 5) / 1000)
  expect(releaseDate('<changes ver="1.26.3" date="2025-02-05">', '1.26.3')).toBe(1_738_713_600)
  expect(releaseDate(text, '1.26.2')).toBeNull()
})

test('no file name adds a line to the lists of a package', () => {
  const at = (path: string) => [{ path, mode: 0o644, content: new Uint8Array() }]
  for (const path of ['etc/a\n/etc/passwd', 'a\tb', 'a\\b', '../a', 'a/../b'])
    expect(oddPath(at(path))).toBe(path)
  for (const path of ['etc/nginx/nginx.conf', 'a b', 'a..b', 'ü'])
    expect(oddPath(at(path))).toBeUndefined()
})
