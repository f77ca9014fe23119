import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect } from 'vitest'
import { allCodes, areaOf } from '../../src/core/catalogue.ts'
import { lintFiles } from '../../src/core/linting/files/lint.ts'
import { asFindings } from '../../src/core/linting/finding.ts'
import { lintSarif } from '../../src/report/lint/sarif.ts'
import { compileText } from '../support/compile.ts'
import { findByName, withServers } from './support/servers.ts'

const found = findByName('sarif-schema')
const needs = { schema: 'missing' in found ? found : { file: found.path } }

/** The schema of OASIS is written for draft 4 of JSON Schema: it uses nothing that draft 7 changed. */
const validatorFrom = (file: string) => {
  const {
    $schema: draft,
    id,
    ...schema
  } = JSON.parse(readFileSync(file, 'utf8')) as object & {
    readonly $schema?: string
    readonly id?: string
  }
  expect([draft, id]).toEqual([
    'http://json-schema.org/draft-04/schema#',
    expect.stringMatching(/sarif-schema-2\.1\.0\.json$/),
  ])
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false })
  ajv.addFormat('uri', (text) => URL.canParse(text))
  ajv.addFormat('uri-reference', (text) => URL.canParse(text, 'file:///base/'))
  ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)))
  return ajv.compile(schema)
}

const spec = `version: 1
name: shop
targets: { nginx: { version: 1.26.3 } }
upstreams:
  shop:
    affinity: { method: jvm_route, url: sid }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app: { runtime: tomcat, version: "9.0.122" }
`

withServers(needs, 'the schema of OASIS accepts the SARIF of lint', async ({ schema }) => {
  const validate = validatorFrom(schema.file)
  const problemsOf = (log: unknown): unknown => (validate(log) ? [] : validate.errors)
  const text = 'upstream a {\n  ip_hash;\n  least_conn;\n  server b;\n}\n'
  const [ofFile] = lintFiles(
    [{ path: '/x', file: 'x', kind: 'nginx', bytes: Buffer.from(text), isIncluded: false }],
    { nginxVersion: null },
  )
  const ofSpec = compileText(spec).diagnostics
  expect([ofFile?.code, ofSpec.length > 0]).toEqual(['balance-twice', true])
  // Every code, at every form of a place.
  const everything = [...(ofFile === undefined ? [] : [ofFile]), ...ofSpec.slice(0, 1)].flatMap(
    (one) =>
      allCodes.flatMap((code) =>
        ['conf/shop.yaml', 'a b/ü#%.conf', '/etc/nginx/nginx.conf'].flatMap((file) =>
          [one.location.line, null].map((line) => ({
            ...one,
            code,
            severity: areaOf(code)?.codes[code]?.severity ?? ('error' as const),
            location: { ...one.location, file, line, column: line === null ? null : 1 },
          })),
        ),
      ),
  )
  for (const findings of [everything, []])
    expect(problemsOf(JSON.parse(lintSarif(asFindings(findings))))).toEqual([])
  const wrong = JSON.parse(lintSarif(asFindings(everything.slice(0, 1))))
  wrong.runs[0].results[0].level = 'info'
  expect(problemsOf(wrong)).not.toEqual([])
})
