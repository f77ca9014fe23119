import { describe, expect, test } from 'vitest'
import { attributeOf, childrenOf } from '../../../../src/core/dialects/tomcat/xml/document.ts'
import { parseXml } from '../../../../src/core/dialects/tomcat/xml/parse.ts'
import { find, fixture, parsed } from './support.ts'

const problemOf = (text: string) => {
  const result = parseXml(new TextEncoder().encode(text))
  return result.ok ? null : result.problem
}

describe('parseXml', () => {
  test('knows where an attribute stands, whatever its quotes and spaces', () => {
    const document = parsed(
      '<?xml version="1.0"?>\r\n<a\r\n  b = \'1\r\n&lt;"2\'\tc="&amp;😀&#x41;"/>',
    )
    const written = document.root.attributes.map((attribute) => [
      document.text.slice(attribute.start, attribute.end),
      document.text.slice(attribute.valueStart, attribute.valueEnd),
      attribute.value,
    ])
    expect(written).toEqual([
      ["b = '1\r\n&lt;\"2'", '1\r\n&lt;"2', '1 <"2'],
      ['c="&amp;😀&#x41;"', '&amp;😀&#x41;', '&😀A'],
    ])
  })

  test('knows where an element starts, opens, closes and ends', () => {
    const document = parsed('<a><b x="1" ><c/>t</b ><!-- <b/> --></a>')
    const b = find(document, 'b')
    const { text } = document
    expect(text.slice(b.start, b.end)).toBe('<b x="1" ><c/>t</b >')
    expect(text.slice(b.openEnd, b.closeStart)).toBe('<c/>t')
    expect(document.comments.map(({ start, end }) => text.slice(start, end))).toEqual([
      '<!-- <b/> -->',
    ])
    expect(find(document, 'c')).toMatchObject({ selfClosing: true })
  })

  test('reads the entities of an internal subset, and skips what only looks like elements', () => {
    const document = parsed(fixture('server-doctype.xml'))
    const host = find(document, 'Host')
    expect(attributeOf(host, 'appBase')?.value).toBe('web&#97;pps')
    expect(attributeOf(host, 'workDir')?.value).toBe('work/a>b')
    expect(attributeOf(find(document, 'Connector'), 'server')?.value).toBe('a < b & c > 🍪')
    const engine = find(document, 'Engine')
    expect(engine.attributes.map(({ name }) => name)).toEqual(['name', 'defaultHost'])
    expect(childrenOf(engine, 'Engine')).toEqual([])
  })

  test('a commented-out element is none', () => {
    const document = parsed(fixture('server-plain.xml'))
    const service = find(document, 'Service')
    expect(childrenOf(service, 'Engine')).toHaveLength(1)
    expect(childrenOf(service, 'Connector')).toHaveLength(1)
    expect(childrenOf(service, 'Executor')).toEqual([])
  })

  test('10,000 elements and 200 levels are no matter', () => {
    const wide = `<a>${'<b c="1"/>\n'.repeat(10_000)}</a>`
    expect(parsed(wide).root.children).toHaveLength(10_000)
    expect(parsed(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`).root.children).toHaveLength(1)
  })

  test.each([
    ['<a>\r\n  <b>\r\n</a>', 3, 4, 'this is not well-formed XML: unexpected close tag'],
    ['<a b="1" b="2"/>', 1, 16, 'this is not well-formed XML: duplicate attribute: b'],
    ['<a b=1/>', 1, 6, 'this is not well-formed XML: unquoted attribute value'],
    ['<a b="&nope;"/>', 1, 12, 'this is not well-formed XML: undefined entity'],
    ['<a><!-- -- --></a>', 1, 11, 'this is not well-formed XML: malformed comment'],
    ['<a/><b/>', 1, 7, 'this is not well-formed XML: documents may contain only one root'],
    ['', 1, 1, 'this is not well-formed XML: document must contain a root element'],
    ['<a>', 1, 3, 'this is not well-formed XML: unclosed tag: a'],
    ['<a/>x', 1, 5, 'this is not well-formed XML: text data outside of root node'],
  ])('%j is refused with its place', (text, line, column, message) => {
    expect(problemOf(text)).toMatchObject({ message, at: { line, column } })
  })

  test('names of Object.prototype are no entities', () => {
    expect(problemOf('<a b="&constructor;"/>')?.message).toContain('undefined entity')
  })
})
