import { expect, test } from 'vitest'
import type { Input } from '../../../src/core/dialects/dialect.ts'
import { compileText } from '../../support/compile.ts'
import { specOf } from './support.ts'

const text = specOf({ app: 'version: "9.0.122", webapp: shop, sessions: { store: backup }' })
const bytesOf = (xml: string): Uint8Array => new TextEncoder().encode(xml)
const says = '<web-app><distributable/></web-app>'

const compiled = (input: Input | null) =>
  compileText(text, new Map(input === null ? [] : [['shop', input]]))

const errors = (input: Input | null): readonly string[] =>
  compiled(input)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message, location }) => `${location.file} ${code}: ${message}`)

test('a distributable application is accepted in all three forms', () => {
  expect(errors(bytesOf(says))).toEqual([])
  expect(errors({ form: 'folder', webXml: bytesOf(says) })).toEqual([])
  expect(errors({ form: 'war', webXml: bytesOf(says) })).toEqual([])
  expect(compiled({ form: 'war', webXml: bytesOf(says) }).artifacts).not.toEqual([])
})

test('an application that is not distributable is reported in its web.xml, else at the field', () => {
  expect(errors(bytesOf('<web-app/>'))).toEqual([
    'shop tomcat-not-distributable: this application is not distributable: Tomcat does not replicate its sessions',
  ])
  for (const form of ['folder', 'war'] as const) {
    const found = compiled({ form, webXml: bytesOf('<web-app/>') }).diagnostics
    const { location } = found.find(({ code }) => code === 'tomcat-not-distributable') ?? {}
    expect(location).toMatchObject({ file: 'sessctl.yaml', lineText: expect.any(String) })
    expect(location?.lineText?.slice((location.column ?? 0) - 1)).toMatch(/^shop, sessions/)
    expect(errors({ form, webXml: bytesOf('<web-app/>') })).toEqual([
      'sessctl.yaml tomcat-not-distributable: the WEB-INF/web.xml in "shop" does not contain <distributable/>: Tomcat does not replicate its sessions',
    ])
  }
})

test('an application without a web.xml is not distributable', () => {
  expect(errors({ form: 'war', webXml: null })).toEqual([
    'sessctl.yaml tomcat-not-distributable: "shop" has no WEB-INF/web.xml, so it is not distributable: Tomcat does not replicate its sessions',
  ])
})

test('an application that cannot be read is reported with the reason', () => {
  expect(errors({ form: 'unreadable', why: 'it is cut off' })).toEqual([
    'sessctl.yaml tomcat-webapp-invalid: "shop" is not an application: it is cut off',
  ])
  expect(errors(null)).toEqual([
    'sessctl.yaml tomcat-webapp-invalid: cannot read the application "shop"',
  ])
  expect(errors({ form: 'war', webXml: bytesOf('<Context/>') })).toEqual([
    'sessctl.yaml tomcat-webapp-invalid: the WEB-INF/web.xml in "shop" is not a web.xml: its root element is <Context>',
  ])
  expect(errors({ form: 'war', webXml: bytesOf('<web-app>') })[0]).toMatch(
    /^sessctl\.yaml tomcat-webapp-invalid: the WEB-INF\/web\.xml in "shop" is not a web\.xml: /,
  )
})

test('one path cannot be an application and a server.xml', () => {
  const both = text.replace('webapp: shop,', 'webapp: shop, tomcat: { base: shop },')
  const { diagnostics } = compileText(both, new Map([['shop', { form: 'war', webXml: null }]]))
  expect(diagnostics.map(({ code }) => code)).toContain('tomcat-base-invalid')
})
