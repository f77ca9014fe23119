import { describe, expect, test } from 'vitest'
import { parseModule } from '../../../src/build-nginx/core/sources/modules.ts'
import { isMisread, parseSource } from '../../../src/build-nginx/core/sources/parse.ts'
import { sourceText } from '../../../src/build-nginx/core/sources/source.ts'
import {
  otherSuite,
  sourcesText,
  sourceTargets,
  targetsIn,
  upstreamOf,
  versionsIn,
} from '../../../src/build-nginx/run/sources/apt-sources.ts'

const sha = 'a'.repeat(64)

describe('a source', () => {
  test.each([
    ['1.26.3', { kind: 'release', version: '1.26.3' }],
    ['1.0.2u', { kind: 'release', version: '1.0.2u' }],
    ['apt', { kind: 'apt', package: 'nginx', suite: null, revision: null }],
    [
      'apt:nginx=1.22.1-9+deb12u11',
      { kind: 'apt', package: 'nginx', suite: null, revision: '1.22.1-9+deb12u11' },
    ],
    ['apt:nginx/trixie', { kind: 'apt', package: 'nginx', suite: 'trixie', revision: null }],
    ['apt:/trixie', { kind: 'apt', package: 'nginx', suite: 'trixie', revision: null }],
    ['./nginx-1.26.3', { kind: 'local', path: './nginx-1.26.3' }],
    ['/src/nginx.tar.gz', { kind: 'local', path: '/src/nginx.tar.gz' }],
    [
      `https://x.org/a.tar.gz#sha256=${sha}`,
      { kind: 'url', url: 'https://x.org/a.tar.gz', sha256: sha },
    ],
    ['https://x.org/a.tar.gz', { kind: 'url', url: 'https://x.org/a.tar.gz', sha256: null }],
    [
      'https://x.org/a.git@v1.0',
      { kind: 'git', url: 'https://x.org/a.git', ref: 'v1.0', folder: '' },
    ],
    [
      'ssh://me@x.org/a@v1,sub/b',
      { kind: 'git', url: 'ssh://me@x.org/a', ref: 'v1', folder: 'sub/b' },
    ],
    ['git@x.org:a/b.git@v1', { kind: 'git', url: 'git@x.org:a/b.git', ref: 'v1', folder: '' }],
  ])('%s', (text, source) => {
    expect(parseSource(text, 'nginx')).toEqual(source)
  })

  test.each([
    '',
    'a\nb',
    'http://x.org/a.tar.gz',
    'https://x.org/a.tar.gz#sha256=abc',
    'https://x.org/a.git',
    'git@x.org:a/b.git',
    'ext::sh -c id@v1',
    'ext://x@v1',
    'http://x.org/a@v1',
    'https://x.org/a@--upload-pack=id',
    'https://x.org/a@a..b',
    'https://x.org/a@v1,../b',
    'https://x.org/a@v1,/etc',
    'apt:UPPER',
    'apt:nginx/../etc',
  ])('is refused: %j', (text) => {
    const read = parseSource(text, 'nginx')
    // `ext::` has no address in it: it is a path, and no file of that name is there.
    if (text.startsWith('ext::')) expect(read).toEqual({ kind: 'local', path: text })
    else expect(isMisread(read)).toBe(true)
  })
})

describe('an address with a login', () => {
  test.each([
    'https://user:hunter2@x.org/a-1.0.tar.gz#sha256=0',
    'https://hunter2@x.org/a.git@v1',
    'https://:hunter2@x.org/a.git@v1',
    'ssh://git:hunter2@x.org/a.git@v1',
    'HTTPS://user:hunter2@x.org/a.git@v1',
    'ftp://user:hunter2@x.org/a.tar.gz',
  ])('is refused and not shown: %s', (text) => {
    for (const read of [parseSource(text, 'nginx'), parseModule(text), parseModule(`m=${text}`)]) {
      expect(read).toMatchObject({ misread: 'its URL has a user or a password' })
      expect(JSON.stringify(read)).not.toContain('hunter2')
    }
  })
  test.each(['ssh://git@x.org/a.git@v1', 'git@x.org:a.git@v1', 'https://x.org/a@b.git@v1'])(
    'is not a source: %s',
    (text) => {
      expect(parseSource(text, 'nginx')).toMatchObject({ kind: 'git' })
    },
  )
})

describe('a module', () => {
  test.each([
    ['jvm_route', 'jvm_route', 'sessctl'],
    ['vts', 'vts', 'https://github.com/vozlt/nginx-module-vts.git@v0.2.7'],
    ['vts@v0.2.3', 'vts', 'https://github.com/vozlt/nginx-module-vts.git@v0.2.3'],
    ['./modules/echo/', 'echo', './modules/echo/'],
    ['vts=file:///x/repo@v1', 'vts', 'file:///x/repo@v1'],
    ['https://x.org/ngx_x.git@v1,sub/dir', 'dir', 'https://x.org/ngx_x.git@v1,sub/dir'],
    ['apt:libnginx-mod-http-echo', 'libnginx-mod-http-echo', 'apt:libnginx-mod-http-echo'],
  ])('%s', (text, name, source) => {
    const read = parseModule(text)
    expect(isMisread(read) ? read : [read.name, sourceText(read.source)]).toEqual([name, source])
  })
  test.each(['original-jvm_route', '1.2.3', 'https://x.org/a.git'])('is refused: %s', (text) => {
    expect(isMisread(parseModule(text))).toBe(true)
  })
  test('no name leads out of the folder of modules', () => {
    const read = parseModule('/a/..')
    expect(isMisread(read) ? null : read.name).toBe('module')
  })
})

describe('the apt sources', () => {
  const said =
    'http://deb.x/debian/|bookworm|main|Debian\nhttp://deb.x/debian-security/|bookworm-security|main|Debian\nhttps://other/|nodistro|main|\n'
  test('of the distribution are used for sources', () => {
    expect(sourcesText(sourceTargets(targetsIn(said), null), 'deb-src')).toContain(
      'Types: deb-src\nURIs: http://deb.x/debian-security/\nSuites: bookworm-security\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
    )
    expect(sourceTargets(targetsIn(said), null)).toHaveLength(2)
  })
  test.each([
    ['trixie', ['trixie', 'trixie-security']],
    ['sid', ['sid']],
  ])('of another suite are refused: %s', (suite, releases) => {
    expect(sourceTargets(targetsIn(said), suite).map(({ release }) => release)).toEqual(releases)
  })
  test.each([
    ['1.22.1-9+deb12u9', '1.22.1'],
    ['3.0.20-1~deb12u2', '3.0.20'],
    ['1:1.3.dfsg+really1.3.1-1', '1.3'],
  ])('%s is upstream %s', (version, upstream) => {
    expect(upstreamOf(version)).toBe(upstream)
  })
  test('versions with their files', () => {
    const text = `Package: nginx\nVersion: 1.22.1-9\nChecksums-Sha256:\n ${sha} 12 nginx_1.22.1.orig.tar.gz\n ${sha} 3 nginx_1.22.1-9.dsc\nHomepage: x\n\nPackage: nginx\nVersion: 2\n`
    expect(versionsIn(text)).toEqual([
      {
        version: '1.22.1-9',
        files: [
          { name: 'nginx_1.22.1.orig.tar.gz', sha256: sha },
          { name: 'nginx_1.22.1-9.dsc', sha256: sha },
        ],
      },
    ])
  })
})

describe('the index of a mirror must be of the requested suite', () => {
  const uri = 'http://deb.example/debian/'

  test.each([
    `${uri}|trixie|stable|trixie`,
    `${uri}|stable|stable|trixie`,
    `${uri}|trixie-security|stable-security|trixie-security`,
    `${uri}|sid|unstable|sid`,
    `${uri}|noble-updates|noble-updates|noble`,
    `${uri}|buster/updates|oldstable|buster`,
    `${uri}|trixie||`,
    '',
  ])('%j is', (said) => {
    expect(otherSuite(said)).toBeNull()
  })

  test.each([
    [
      `${uri}|trixie|oldstable|bookworm`,
      `${uri} serves the list of oldstable or bookworm instead of trixie`,
    ],
    [
      `${uri}|trixie|stable|trixie\n${uri}|trixie-security|bookworm|bookworm`,
      'instead of trixie-security',
    ],
  ])('%j is not', (said, message) => {
    expect(otherSuite(said)).toContain(message)
  })
})
