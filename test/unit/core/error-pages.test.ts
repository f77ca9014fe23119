import { describe, expect, test } from 'vitest'
import { pagesOf } from '../../../src/core/model/error-pages.ts'
import { resolveErrorPages } from '../../../src/core/model/resolve/error-pages.ts'
import { compileText } from '../../support/compile.ts'

const targets = {
  nginx: 'nginx: { version: "1.26.3" }',
  haproxy: 'haproxy: { version: "3.0" }',
  httpd: 'httpd: { version: "2.4" }',
  'old httpd': 'httpd: { version: "2.4.46" }',
} as const

type Target = keyof typeof targets

const compiled = (target: Target, settings: string, locations: readonly string[] = ['']) =>
  compileText(`version: 1
name: shop
targets: { ${targets[target]} }
frontends:
  web:
    listen: [80]
    ${settings}
    locations:
${locations.map((more, index) => `      - { match: /${index === 0 ? '' : `${index}/`}, ${more.includes('respond') ? '' : 'upstream: app, '}${more} }`).join('\n')}
upstreams:
  app: { servers: { app1: "10.0.0.1:8080" } }
`)

const linesOf = (target: Target, settings: string, locations?: readonly string[]) =>
  compiled(target, settings, locations)
    .artifacts.flatMap(({ text }) => text.split('\n'))
    .map((line) => line.trim())

/** Fields of the frontend that a target does not follow. */
const reported = (target: Target, settings: string, locations?: readonly string[]) =>
  compiled(target, settings, locations).diagnostics.flatMap(({ code, location }) =>
    code.startsWith('field-') && location.path?.startsWith('frontends.') === true
      ? [location.path.replace('frontends.web.', '')]
      : [],
  )

const down = '"502 503": { file: /srv/down.html }'

describe('errorPages that are refused', () => {
  test.each([
    '{}',
    '{ "200": { file: /srv/a.html } }',
    '{ "499": { file: /srv/a.html } }',
    '{ "444": { file: /srv/a.html } }',
    '{ "502,503": { file: /srv/a.html } }',
    '{ "502  503": { file: /srv/a.html } }',
    '{ "502 503": { file: /srv/a.html }, "503": { file: /srv/b.html } }',
    '{ "502": /srv/a.html }',
    '{ "502": { file: a.html } }',
    '{ "502": { file: /srv/a.php } }',
    '{ "502": { file: "/srv/$host.html" } }',
    '{ "502": { file: /srv/a.html, path: /a } }',
    '{ "502": { path: "/a?b" } }',
    '{ "502": { path: /.sessctl/page-1 } }',
  ])('%s', (pages) => {
    const { artifacts, diagnostics } = compiled('nginx', `errorPages: ${pages}`)
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    expect(artifacts).toEqual([])
  })
})

test('a location adds to the pages of its frontend', () => {
  const page = (file: string) => ({ file })
  const common = resolveErrorPages(
    { errorPages: { '502 503': page('/a.html'), '404': page('/b.txt') } },
    ['web'],
    null,
  )
  const own = resolveErrorPages({ errorPages: { '503 500': page('/c.json') } }, ['at'], common)
  expect(own?.map(({ status, page: { kind, ...rest } }) => [status, kind, rest])).toEqual([
    [404, 'file', { file: '/b.txt', type: 'text/plain' }],
    [500, 'file', { file: '/c.json', type: 'application/json' }],
    [502, 'file', { file: '/a.html', type: 'text/html' }],
    [503, 'file', { file: '/c.json', type: 'application/json' }],
  ])
  expect(resolveErrorPages({}, ['at'], common)).toBe(common)
  const works = { kind: 'file', file: '/w.html', type: 'text/html' } as const
  const maintenance = { isOn: true, page: works, except: [], path: ['maintenance'] }
  const pages = pagesOf({ errorPages: common, maintenance })
  expect(pages.find(({ status }) => status === 503)?.page).toBe(works)
  expect(pagesOf({ errorPages: common, maintenance: { ...maintenance, isOn: false } })).toBe(common)
})

test('a location of nginx repeats the pages of its server if it has pages of its own', () => {
  const lines = linesOf('nginx', `errorPages: { ${down} }`, [
    '',
    'errorPages: { "404": { path: /errors/missing } }',
  ])
  expect(lines.filter((line) => line.startsWith('error_page'))).toEqual([
    'error_page 502 503 /.sessctl/page-1;',
    'error_page 404 /errors/missing;',
    'error_page 502 503 /.sessctl/page-1;',
  ])
})

test('maintenance with the page of errorPages, and without a page', () => {
  expect(linesOf('haproxy', `maintenance: true\n    errorPages: { ${down} }`)).toContain(
    'http-request deny deny_status 503 content-type text/html file /srv/down.html',
  )
  expect(linesOf('haproxy', 'maintenance: true')).toContain('http-request deny deny_status 503')
  expect(linesOf('nginx', 'maintenance: true')).toContain('return 503;')
  expect(linesOf('httpd', 'maintenance: true')).toContain('RewriteRule "^" - [R=503,L]')
  for (const target of ['nginx', 'haproxy', 'httpd'] as const)
    expect(linesOf(target, 'maintenance: false')).toEqual(linesOf(target, ''))
})

test('fastcgi and uwsgi have directives of their own', () => {
  const { artifacts } = compileText(`version: 1
name: shop
targets: { ${targets.nginx} }
frontends:
  web:
    listen: [80]
    interceptErrors: true
    errorPages: { ${down} }
    locations: [{ match: /, upstream: php }, { match: /py/, upstream: py }, { match: /off/, upstream: py, interceptErrors: false }]
upstreams:
  php: { protocol: fastcgi, documentRoot: /srv, servers: { a: "10.0.0.1:9000" } }
  py: { protocol: uwsgi, servers: { a: "10.0.0.1:9001" } }
`)
  const text = artifacts.map((artifact) => artifact.text).join('\n')
  expect(text.match(/\w+_intercept_errors on/g)).toEqual([
    'fastcgi_intercept_errors on',
    'uwsgi_intercept_errors on',
  ])
})

describe('what a target cannot do is reported at the field', () => {
  test.each<[Target, string, readonly string[], readonly string[]]>([
    ['haproxy', 'errorPages: { "404": { path: /x } }', [''], ['errorPages.404']],
    ['nginx', 'errorPages: { "404": { path: /x } }', [''], []],
    ['httpd', 'errorPages: { "404": { path: /x } }', [''], []],
    ['haproxy', 'errorPages: { "409": { file: /x.html } }', [''], ['errorPages.409']],
    ['haproxy', 'errorPages: { "409": { file: /x.html } }', ['interceptErrors: true'], []],
    ['haproxy', 'errorPages: { "409": { file: /x.html } }', ['', 'respond: { status: 409 }'], []],
    [
      'haproxy',
      `errorPages: { ${down} }`,
      ['', 'errorPages: { "503": { file: /other.html } }'],
      ['locations.1.errorPages.503'],
    ],
    ['haproxy', `errorPages: { ${down} }`, ['', 'errorPages: { "404": { file: /b.html } }'], []],
    [
      'old httpd',
      `errorPages: { ${down} }`,
      ['interceptErrors: true'],
      ['locations.0.interceptErrors'],
    ],
    ['httpd', `errorPages: { ${down} }`, ['interceptErrors: true'], []],
    ['nginx', 'interceptErrors: true', [''], ['interceptErrors']],
    [
      'nginx',
      `errorPages: { ${down} }`,
      ['', 'respond: { body: a }, interceptErrors: true'],
      ['locations.1.interceptErrors'],
    ],
  ])('%s: %s with %j', (target, settings, locations, expected) => {
    expect(reported(target, settings, locations)).toEqual(expected)
  })
})
