import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const compiled = (location: string) =>
  compileText(`version: 1
name: shop
targets: { nginx: { version: "1.26.3" }, httpd: { version: "2.4" } }
frontends: { web: { listen: [80], locations: [{ ${location} }, { match: /, upstream: app }] } }
upstreams: { app: { check: { interval: 3s }, servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" } } }
`)

const errorsOf = (location: string): readonly string[] =>
  compiled(location).diagnostics.flatMap(({ code, severity, message }) =>
    severity === 'error' ? [`${code}: ${message}`] : [],
  )

test.each(['/images', '^~ /images', '= /images/', '~ ^/images/', '~* /images/$', 'images/'])(
  'an alias of "%s" is refused: it would not be a part of the path that ends with a slash',
  (match) => {
    expect(errorsOf(`match: "${match}", alias: /srv/images/`)).toContainEqual(
      `location-invalid: "alias" replaces the prefix of a path, and "${match}" is not a prefix that ends with a slash: a path such as /images../ would leave the folder`,
    )
  },
)

test('of several matches, each must end with a slash', () => {
  expect(errorsOf('match: [/images/, /img], alias: /srv/images/')).toHaveLength(1)
  expect(errorsOf('match: [/images/, /img/], alias: /srv/images/')).toEqual([])
})

test.each([
  ['root: /srv', 'root'],
  ['upstream: app', 'upstream'],
  ['redirect: { to: /new }', 'redirect'],
  ['respond: { status: 200 }', 'respond'],
])('an alias together with "%s" is refused', (other, name) => {
  expect(errorsOf(`match: /images/, alias: /srv/images, ${other}`)).toEqual([
    `location-invalid: the location has both "${name}" and "alias"`,
  ])
})

test('names are tried below a root only', () => {
  expect(errorsOf('match: /images/, alias: /srv/images, tryFiles: [/a.html]')).toEqual([
    'location-invalid: "tryFiles" is for locations that serve files below "root"',
  ])
})

test.each(['/srv/images', '/srv/images/', '/srv/images//'])(
  'the folder %s ends with one slash',
  (alias) => {
    const [nginx = '', httpd = ''] = ['nginx', 'httpd'].map(
      (name) =>
        compiled(`match: /images/, alias: ${alias}`).artifacts.find(
          ({ dialect, path }) => dialect === name && !path.includes('ports'),
        )?.text,
    )
    expect(nginx).toContain('alias /srv/images/;')
    expect(httpd).toContain('"/srv/images/$1"')
  },
)
