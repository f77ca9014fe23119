import { expect, test } from 'vitest'
import { readPhpIni } from '../readers/php-ini.ts'
import { readProperties } from '../readers/properties.ts'
import { readPython } from '../readers/python.ts'
import { type Element, readXml } from '../readers/xml.ts'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { patience, runs } from './assert-property.ts'
import { token } from './fields.ts'
import { anyText } from './strings.ts'

/** The settings of a file, flat: names with values. */
type Said = readonly (readonly [name: string, value: string])[]

/** The parameters of a URL on their own, decoded. */
const queryOf = ([name, value]: readonly [string, string]): Said => {
  const [place = '', query = ''] = value.split('?', 2)
  const parameters = query === '' ? [] : query.split('&')
  return [
    [name, place],
    ...parameters.map((parameter): [string, string] => {
      const [key = '', text = ''] = parameter.split('=')
      return [`${name} ${key}`, decodeURIComponent(text)]
    }),
  ]
}

const withoutPlaceholders = (said: Said, isMeant: (name: string) => boolean): Said => {
  const found = said.find(
    ([name, value]) => /\$\{(?!catalina\.base\})/.test(value) && !isMeant(name),
  )
  if (found) throw new Error(`${found[0]} would be looked up: ${found[1]}`)
  return said
}

/** Spring takes a list of places there, divided by commas, and `*` for any folder. */
const readSpring = (text: string): Said => {
  const said = readProperties(text)
  const list = said.find(([name]) => name === 'spring.config.import')?.[1] ?? ''
  if (/[,;*]/.test(list)) throw new Error(`more than one place: ${list}`)
  return withoutPlaceholders(said, (name) => list !== '' && name.endsWith('.password'))
}

const attributesOf = (element: Element, path: string): Said => {
  const name = `${path}/${element.name}`
  return [
    [name, element.text.trim()],
    ...[...element.attributes].map(([key, value]): [string, string] => [`${name}@${key}`, value]),
    ...element.elements.flatMap((child) => attributesOf(child, name)),
  ]
}

const readers = {
  php: (text: string): Said => readPhpIni(text),
  phpUrl: (text: string): Said => readPhpIni(text).flatMap(queryOf),
  python: (text: string): Said => readPython(text).map(({ kind, value }) => [kind, value]),
  spring: readSpring,
  xml: (text: string): Said => withoutPlaceholders(attributesOf(readXml(text), ''), () => false),
}

interface Place {
  readonly name: string
  readonly app: { readonly runtime: string; readonly version: string }
  readonly store: (text: string) => object
  readonly sessions: (text: string) => object
  readonly file: string
  readonly read: (text: string) => Said
}

const place = (
  name: string,
  [runtime, version]: readonly [string, string],
  { store, sessions }: Partial<Pick<Place, 'store' | 'sessions'>>,
  [file, read]: readonly [string, (text: string) => Said],
): Place => ({
  name: `${runtime} ${version}: ${name}`,
  app: { runtime, version },
  store: store ?? (() => ({ kind: 'redis', addresses: ['10.0.0.5:6379'] })),
  sessions: sessions ?? (() => ({})),
  file,
  read,
})

const redis = (more: (text: string) => object) => (text: string) => ({
  kind: 'redis',
  addresses: ['10.0.0.5:6379'],
  ...more(text),
})
const database = (more: (text: string) => object) => (text: string) => ({
  kind: 'jdbc',
  driver: 'org.postgresql.Driver',
  url: 'jdbc:postgresql://db/sessions',
  ...more(text),
})
const using = (store: string) => () => ({ store, use: 'shared' })
const inFiles = (text: string) => ({ store: 'files', directory: `/srv/${text}` })
const inFile = (text: string) => ({ store: 'file', directory: `/srv/${text}` })
const username = (text: string) => ({ username: text, password: 'secret' })
const password = (text: string) => ({ password: text })
const passwordFile = (text: string) => ({ password: { file: `/run/${text}/secret` } })
const url = (text: string) => ({ url: `jdbc:postgresql://db/${text}` })

const php = ['php', '8.2'] as const
const django = ['django', '4.2'] as const
const ini = 'php/shop/sessions.ini'
const settings = ['django/shop/sessctl_sessions.py', readers.python] as const
const properties = ['spring/shop/application.properties', readers.spring] as const
const contextXml = ['tomcat/app1/conf/context.xml', readers.xml] as const

const places: readonly Place[] = [
  place('directory', php, { sessions: inFiles }, [ini, readers.php]),
  ...Object.entries({ username, password }).map(([name, more]) =>
    place(name, php, { sessions: using('redis'), store: redis(more) }, [ini, readers.phpUrl]),
  ),
  place('directory', django, { sessions: inFile }, settings),
  ...Object.entries({ username, password, passwordFile }).map(([name, more]) =>
    place(name, django, { sessions: using('cache'), store: redis(more) }, settings),
  ),
  ...['2.7', '3.5', '4.0'].flatMap((version) => [
    ...Object.entries({ username, password, passwordFile }).map(([name, more]) =>
      place(
        name,
        ['spring', version],
        { sessions: using('spring-session'), store: redis(more) },
        properties,
      ),
    ),
    ...Object.entries({ username, password, url }).map(([name, more]) =>
      place(
        `database ${name}`,
        ['spring', version],
        { sessions: using('spring-session'), store: database(more) },
        properties,
      ),
    ),
  ]),
  ...['8.5.50', '9.0.122', '11.0.24'].flatMap((version) => [
    place('directory', ['tomcat', version], { sessions: inFile }, contextXml),
    ...Object.entries({ username, password, url }).map(([name, more]) =>
      place(
        `database ${name}`,
        ['tomcat', version],
        { sessions: using('jdbc'), store: database(more) },
        contextXml,
      ),
    ),
  ]),
]

const compiled = ({ app, store, sessions }: Place, text: string) =>
  compileText(
    JSON.stringify({
      version: 1,
      name: 'shop',
      targets: { nginx: { version: '1.26.3' } },
      frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'shop' }] } },
      upstreams: {
        shop: {
          ...(app.runtime === 'tomcat' ? { affinity: { method: 'jvm_route' } } : {}),
          servers: { app1: '10.0.0.1:8080', app2: '10.0.0.2:8080' },
          app: { ...app, sessions: sessions(text) },
        },
      },
      ...('use' in sessions(text) ? { stores: { shared: store(text) } } : {}),
    }),
  )

/** null: the text is refused. */
const saidOf = (at: Place, text: string): Said | null => {
  const { artifacts, diagnostics } = compiled(at, text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    expect(artifacts).toEqual([])
    expect(errors.every(({ location }) => location.line !== null)).toBe(true)
    return null
  }
  const found = artifacts.find(({ path }) => path === at.file)
  if (found === undefined) throw new Error(`${at.name}: no ${at.file}`)
  return at.read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found.bytes))
}

test(
  'the application reads any text of a store unchanged, or the spec is refused at its place',
  patience,
  () => {
    const harmless = new Map(places.map((at) => [at, saidOf(at, token)]))
    expect([...harmless.values()]).not.toContain(null)
    const counts = new Map(places.map(({ name }) => [name, { same: 0, refused: 0 }]))
    fc.assert(
      fc.property(fc.constantFrom(...places), anyText, (at, text) => {
        const said = saidOf(at, text)
        const count = counts.get(at.name) ?? { same: 0, refused: 0 }
        count[said === null ? 'refused' : 'same'] += 1
        if (said === null) return
        const usual = harmless.get(at)
        expect(usual?.some(([, value]) => value.includes(token))).toBe(true)
        expect(said, at.name).toEqual(
          usual?.map(([name, value]) => [name, value.replaceAll(token, () => text)]),
        )
      }),
      { numRuns: runs },
    )
    const oneSided = [...counts].filter(([, { same, refused }]) => same === 0 || refused === 0)
    expect(oneSided, 'places that accept nothing, or refuse nothing').toEqual([])
  },
)
