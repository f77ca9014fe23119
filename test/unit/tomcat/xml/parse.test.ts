import { describe, expect, test } from 'vitest'
import { attributeOf, childrenOf } from '../../../../src/core/dialects/tomcat/xml/document.ts'
import { parseXml } from '../../../../src/core/dialects/tomcat/xml/parse.ts'
import { find, fixture, parsed } from './support.ts'

const problemOf = (text: string) => {
  const result = parseXml(new TextEncoder().encode(text))
  return result.ok ? null : result.problem
}

describe('parseXml', () => {
  test('reports the offsets of an attribute with any quotes and spaces', () => {
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

  test('reports the offsets of the tags of an element', () => {
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

  test('resolves the entities of an internal subset, and ignores elements in comments and CDATA sections', () => {
    const document = parsed(fixture('server-doctype.xml'))
    const host = find(document, 'Host')
    expect(attributeOf(host, 'appBase')?.value).toBe('web&#97;pps')
    expect(attributeOf(host, 'workDir')?.value).toBe('work/a>b')
    expect(attributeOf(find(document, 'Connector'), 'server')?.value).toBe('a < b & c > 🍪')
    const engine = find(document, 'Engine')
    expect(engine.attributes.map(({ name }) => name)).toEqual(['name', 'defaultHost'])
    expect(childrenOf(engine, 'Engine')).toEqual([])
  })

  test('ignores a commented-out element', () => {
    const document = parsed(fixture('server-plain.xml'))
    const service = find(document, 'Service')
    expect(childrenOf(service, 'Engine')).toHaveLength(1)
    expect(childrenOf(service, 'Connector')).toHaveLength(1)
    expect(childrenOf(service, 'Executor')).toEqual([])
  })

  test('parses 10,000 elements and 200 levels', () => {
    const wide = `<a>${'<b c="1"/>\n'.repeat(10_000)}</a>`
    expect(parsed(wide).root.children).toHaveLength(10_000)
    expect(parsed(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`).root.children).toHaveLength(1)
  })

  test.each([
    ['<a>\r\n  <b>\r\n</a>', 3, 1, '</a> does not match <b> in line 2'],
    ['<a>\n</b>', 2, 1, '</b> does not match <a> in line 1'],
    ['<a/>\n</a>', 2, 1, '</a> closes no element'],
    ['<a>', 1, 1, '<a> is not closed'],
    ['<a>\n<b>\n', 2, 1, '<b> is not closed'],
    ['<a b="1" b="2"/>', 1, 10, 'the attribute b occurs twice in this tag'],
    ['<a b=1/>', 1, 6, 'the value of the attribute b is not in quotes'],
    ['<a b/>', 1, 4, 'the attribute b has no value'],
    ['<a b="1"c="2"/>', 1, 9, 'there is no space before the attribute c'],
    ['<a>\n<b c="1&2"/>\n<d e="3;4"/></a>', 2, 8, 'this "&" is not escaped'],
    ["<a b='jdbc:x?c=d&e=f'/>", 1, 17, 'this "&" is not escaped'],
    ['<a>1 & 2</a>', 1, 6, 'this "&" is not escaped'],
    ['<a b="&nope;"/>', 1, 7, 'the entity &nope; is not declared in this file'],
    ['<a>\n&nope;</a>', 2, 1, 'the entity &nope; is not declared in this file'],
    ['<a b="1<2"/>', 1, 8, 'the value of the attribute b contains a "<" that is not escaped'],
    ['<a b="1>\n<c d="2"/></a>', 1, 6, 'the attribute b has no closing quote on this line'],
    ['<a>\n<b c="1/>\n</a>', 2, 6, 'the attribute c has no closing quote'],
    ['<a b="1', 1, 6, 'the attribute b has no closing quote'],
    ['<a>\n< b/></a>', 2, 1, 'this "<" does not start a tag'],
    ['<a>\n<!-- b</a>', 2, 1, 'this comment has no -->'],
    ['<a><![CDATA[</a>', 1, 4, 'this CDATA section has no ]]>'],
    ['<a>\n\u0001</a>', 2, 1, 'XML does not allow the character U+0001'],
    ['<a><!-- -- --></a>', 1, 11, 'malformed comment'],
    ['<a/><b/>', 1, 7, 'documents may contain only one root'],
    ['', 1, 1, 'document must contain a root element'],
    ['<a/>x', 1, 5, 'text data outside of root node'],
  ])('%j is an error with its position', (text, line, column, message) => {
    const said = `this is not well-formed XML: ${message}`
    expect(problemOf(text)).toMatchObject({ message: said, at: { line, column } })
  })

  test('the remedy for an unescaped & is &amp;, and comments and CDATA sections are not checked', () => {
    expect(problemOf('<!-- & < --><a b="c&d"/>')?.help).toBe('write &amp;')
    expect(problemOf('<!-- & < --><a><![CDATA[& <b]]><?x & <?></a>')).toBeNull()
  })

  test.each([
    ['UTF-8', [0x0a, 0x20, 0xe4, 0x20], 2, 2, 'e4'],
    ['UTF-8', [0x0a, 0xe2, 0x82], 2, 1, 'e2'],
    ['US-ASCII', [0x0a, 0x20, 0xe4], 2, 2, 'e4'],
    ['windows-1252', [0x41, 0x0a, 0x81], 2, 1, '81'],
  ])(
    'a byte that %s does not define is an error with its position',
    (name, bytes, line, column, byte) => {
      const head = new TextEncoder().encode(`<?xml version="1.0" encoding="${name}"?><a/>`)
      const result = parseXml(Uint8Array.from([...head, ...bytes]))
      expect(result).toMatchObject({
        problem: {
          message: expect.stringMatching(new RegExp(`not valid ${name}: byte 0x${byte}`, 'i')),
          at: { line, column },
        },
      })
    },
  )

  test('a property name of Object.prototype is not a declared entity', () => {
    expect(problemOf('<a b="&constructor;"/>')?.message).toContain('&constructor; is not declared')
  })
})

describe('nested elements', () => {
  const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels)

  test('200 levels are parsed', () => {
    expect(problemOf(nested(200))).toBeNull()
  })

  test.each([201, 500_000])('%i levels are refused at the first one too many', (levels) => {
    expect(problemOf(nested(levels))).toMatchObject({
      message: 'the elements of this file are nested too deeply',
      at: { line: 1, column: 601 },
    })
  })
})
