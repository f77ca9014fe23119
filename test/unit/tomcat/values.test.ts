import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { expect, test } from 'vitest'
import { withoutInvisible } from '../../../src/core/spec/invisible.ts'
import { fc } from '../../support/fast-check.ts'
import { fileOf, specOf, write } from './support.ts'
import { fixture } from './xml/support.ts'

const runs = 2_000

/** Whatever the spec accepts as a cookie path; the dialect must write it or refuse it. */
const cookiePath = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((text) => `/${text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp};, "\\]/gu, '')}`)
  .filter((path) => withoutInvisible.test(path))

const awkward = fc
  .array(
    fc.constantFrom(
      "'",
      '&',
      '<',
      '>',
      ']]>',
      '-->',
      '&amp',
      '$' + '{x}',
      '%',
      '{',
      'é',
      '🧀',
      '\uffff',
      'a',
    ),
    { maxLength: 8 },
  )
  .map((parts) => `/${parts.join('')}`)

const contextAttributes = (text: string): Readonly<Record<string, string>> => {
  const { root } = parseXml(text)
  return root instanceof XmlElement ? { ...root.attributes } : {}
}

test('an independent XML parser reads every accepted value without change', () => {
  const base = fixture('context-manager.xml')
  let refused = 0
  fc.assert(
    fc.property(fc.oneof(cookiePath, awkward), fc.boolean(), (path, isEdited) => {
      const extra = isEdited ? ', tomcat: { contextBase: base.xml }' : ''
      const app = `version: "9.0.122", cookie: { path: ${JSON.stringify(path)} }${extra}`
      const written = write(specOf({ app }), new Map([['base.xml', base]]))
      if (written.codes.includes('tomcat-cookie-path')) {
        refused += 1
        expect(path).toMatch(/[^\x20-\x7e]|\$\{/)
        return
      }
      const attributes = contextAttributes(fileOf(written, 'tomcat01/conf/context.xml'))
      expect(attributes['sessionCookiePath']).toBe(path)
    }),
    { numRuns: runs },
  )
  expect(refused).toBeGreaterThan(runs / 20)
  expect(refused).toBeLessThan(runs)
})

test.each(['', ', tomcat: { contextBase: base.xml }'])(
  'a value that XML does not allow is an error%s',
  (base) => {
    const sessions = 'sessions: { store: file, directory: "/srv/\\uFFFF" }'
    const app = `version: "9.0.122", ${sessions}${base}`
    const inputs = new Map([['base.xml', fixture('context-manager.xml')]])
    expect(write(specOf({ app }), inputs).codes).toContain('tomcat-store-text')
  },
)
