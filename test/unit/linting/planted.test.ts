import { describe, expect, test } from 'vitest'
import type { LocatedDiagnostic } from '../../../src/core/diagnostics/located.ts'
import { lintFiles } from '../../../src/core/linting/files/lint.ts'
import { asFindings } from '../../../src/core/linting/finding.ts'
import { parseVersion } from '../../../src/core/model/version.ts'
import { compileText } from '../../support/compile.ts'
import { inProxies } from './planted/proxies.ts'
import { kindOf, mark, placeIn, type Texts } from './planted/texts.ts'
import { withTomcat } from './planted/tomcat.ts'

const found = (texts: Texts, version: string | null = null): readonly LocatedDiagnostic[] =>
  lintFiles(
    Object.entries(texts).map(([file, text]) => ({
      path: `/srv/${file}`,
      file,
      kind: kindOf(file),
      bytes: new TextEncoder().encode(text.replace(mark, '')),
      isIncluded: file.includes('sites/'),
    })),
    { nginxVersion: version === null ? null : parseVersion(version) },
  )

const cases = [...inProxies, ...withTomcat].flatMap(([code, help, files, version = null]) =>
  files.map(([kind, texts]) => ({ code, help, kind, texts, version })),
)

describe('a planted mistake is found at its place, alone, with its remedy', () => {
  test.each(cases)('$code in $kind', ({ code, help, texts, version }) => {
    const diagnostics = found(texts, version)
    const places = diagnostics.map(
      ({ location: { file, line, column } }) => `${file}:${line}:${column}`,
    )
    expect(diagnostics.map((each) => `${each.code}: ${each.message}`)).toEqual([
      expect.stringContaining(`${code}: `),
    ])
    expect(places).toEqual([placeIn(texts)])
    expect(diagnostics[0]?.help ?? '').toContain(help)
    expect(asFindings(diagnostics)[0]?.location.lineText).not.toBeNull()
  })

  /** A comment of each language above the line of the finding. */
  test.each(cases)(
    'a comment with a reason hides it: $code in $kind',
    ({ code, texts, version }) => {
      const ignored = Object.fromEntries(
        Object.entries(texts).map(([file, text]) => {
          if (!text.includes(mark)) return [file, text]
          const start = text.lastIndexOf('\n', text.indexOf(mark)) + 1
          const words = `sessctl: ignore ${code} it is known`
          const comment = kindOf(file) === 'tomcat' ? `<!-- ${words} -->` : `# ${words}`
          return [file, `${text.slice(0, start)}${comment}\n${text.slice(start)}`]
        }),
      )
      expect(found(ignored, version).map(({ message }) => message)).toEqual([])
    },
  )
})

const spec = (
  affinity: string,
  more = '',
  app = 'runtime: tomcat, version: "9.0.122"',
) => `version: 1
name: shop
targets: { nginx: { version: 1.26.3 } }
frontends: { web: { listen: [80], clientAddress: { trust: [10.0.0.0/8] }, locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers: { a: 10.0.0.1:8080, b: ${more === '' ? '10.0.0.2:8080' : more} }
    app: { ${app} }
`

describe('the same mistakes in a spec', () => {
  test.each([
    ['url-name-mismatch', spec(`{ method: jvm_route, url: ${mark}sessionid }`)],
    [
      'route-duplicate',
      spec('{ method: jvm_route }', '{ address: 10.0.0.2:8080, route: a }').replace(
        ', b: {',
        `, ${mark}b: {`,
      ),
    ],
    ['ip-hash-three-octets', spec('{ method: ip_hash }').replace('affinity', `${mark}affinity`)],
    [
      'affinity-key-issued',
      spec(`{ method: hash, key: ${mark}$cookie_PHPSESSID }`, '', 'runtime: none'),
    ],
    ['affinity-cookie-clash', spec(`{ method: sticky, by: cookie, cookie: ${mark}JSESSIONID }`)],
    ['cookie-name-mismatch', spec(`{ method: jvm_route, cookie: ${mark}SID }`)],
  ])('%s', (code, text) => {
    const all = compileText(text.replace(mark, '')).diagnostics
    const places = all
      .filter((each) => each.code === code)
      .map(({ location: { file, line, column }, help }) => [`${file}:${line}:${column}`, help])
    expect(places).toEqual([[placeIn({ 'sessctl.yaml': text }), expect.any(String)]])
  })
})
