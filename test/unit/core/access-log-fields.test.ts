import { expect, test } from 'vitest'
import { accessLogFields } from '../../../src/core/model/access-log-fields.ts'
import { compileText } from '../../support/compile.ts'

const compiled = (target: string, log: string, affinity = 'jvm_route') =>
  compileText(`version: 1
name: shop
targets: { ${target} }
frontends:
  web: { listen: [80], serverNames: [shop.example.com], accessLog: { path: /dev/stdout, ${log} }, locations: [{ match: /, upstream: app }] }
upstreams:
  app: { affinity: { method: ${affinity} }, servers: { app1: "10.0.0.1:8080", app2: "10.0.0.2:8080" } }
`)

const nginx = 'nginx: { version: "1.26.3" }'
const haproxy = 'haproxy: { version: "3.0" }'
const httpd = 'httpd: { version: "2.4" }'

const logLine = (target: string, log: string): string => {
  const text = compiled(target, log)
    .artifacts.map((artifact) => artifact.text)
    .join('\n')
  return /^ *(?:log_format.*\n.*|log-format.*|CustomLog.*)$/m.exec(text)?.[0] ?? ''
}

/** The names of fields in the order of the line. */
const namesIn = (line: string): readonly string[] =>
  accessLogFields
    .filter((field) => line.includes(`${field}=`) || line.includes(`"${field}":`))
    .sort((one, other) => line.indexOf(one) - line.indexOf(other))

test.each([nginx, haproxy, httpd])('%s: all fields, in the order of the spec', (target) => {
  const fields = [...accessLogFields].reverse()
  expect(namesIn(logLine(target, `fields: [${fields.join(', ')}]`))).toEqual(fields)
})

test.each([nginx, haproxy, httpd])('%s: one field', (target) => {
  expect(namesIn(logLine(target, 'fields: [server]'))).toEqual(['server'])
})

test.each(['[]', '[server, server]', '[upstream]', '["$status"]', 'server'])(
  'fields: %s is an error',
  (fields) => {
    const { artifacts, diagnostics } = compiled(nginx, `fields: ${fields}`)
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    expect(artifacts).toEqual([])
  },
)

/** Fields that a target does not write as described. */
const reported = (target: string, log: string, affinity?: string) =>
  compiled(target, log, affinity).diagnostics.flatMap(({ code, location }) =>
    code.startsWith('field-') ? [location.path?.replace('frontends.web.accessLog.', '')] : [],
  )

test('what a release or a target does not log is reported at the field', () => {
  expect(reported('nginx: { version: "1.11.1" }', 'fields: [server, duration]')).toEqual([
    'fields.1',
  ])
  expect(reported('nginx: { version: "1.11.2" }', 'fields: [server, duration]')).toEqual([])
  expect(reported(nginx, 'fields: [route]', 'ip_hash')).toEqual(['fields.0'])
  expect(reported(haproxy, 'fields: [route]', 'ip_hash')).toEqual(['fields.0'])
  expect(reported(httpd, 'format: json, fields: [time]')).toEqual(['format'])
})
