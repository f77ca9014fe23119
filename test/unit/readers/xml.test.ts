import { describe, expect, test } from 'vitest'
import { readXml } from '../../readers/xml.ts'

const element = (attributes: Readonly<Record<string, string>>, text = '') => ({
  name: 'e',
  attributes: new Map(Object.entries(attributes)),
  elements: [],
  text,
})

describe('readXml', () => {
  test('returns elements with their attributes and text', () => {
    const text = `<?xml version="1.0"?>\n<!DOCTYPE Server [ <!ENTITY x "y"> ]>\n<!-- <a/> -->
<Server port="8005"><Engine jvmRoute='a&amp;"b'>x<![CDATA[<&]]></Engine><!-- z --><Engine/></Server>`
    expect(readXml(text)).toEqual({
      name: 'Server',
      attributes: new Map([['port', '8005']]),
      elements: [
        { name: 'Engine', attributes: new Map([['jvmRoute', 'a&"b']]), elements: [], text: 'x<&' },
        { name: 'Engine', attributes: new Map(), elements: [], text: '' },
      ],
      text: '',
    })
  })

  test.each([
    ['<e a="&lt;&#10;&#x9;&#13;&quot;\'"/>', element({ a: '<\n\t\r"\'' })],
    ['<e a="x\ny\tz"/>', element({ a: 'x y z' })],
    ['<e a="é😀\u2028\ufeff"/>', element({ a: 'é😀\u2028\ufeff' })],
    ['<e>a\r\nb]]&gt;</e>', element({}, 'a\nb]]>')],
  ])('reads %j', (text, expected) => {
    expect(readXml(text)).toEqual(expected)
    expect(readXml(Buffer.from(text))).toEqual(expected)
  })

  test('decodes by the byte order mark and by the declaration', () => {
    const utf16 = Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><e a="é"/>', 'utf16le')
    const latin1 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><e a="é"/>', 'latin1')
    expect(readXml(utf16)).toEqual(element({ a: 'é' }))
    expect(readXml(utf16.swap16())).toEqual(element({ a: 'é' }))
    expect(readXml(latin1)).toEqual(element({ a: 'é' }))
  })

  test.each([
    ...[
      '<e a="<"/>',
      '<e a="&"/>',
      '<e a="\0"/>',
      '<e a="\u0001"/>',
      '<e a="\ufffe"/>',
      '<e>]]></e>',
    ],
    ...['<e a="&#0;"/>', '<e a="1" a="2"/>', '<e><f></e>', '<e/><e/>', '<!-- a -- b --><e/>', ''],
    ...['<e a="\ud800"/>', '<e>&undefined;</e>', '<e a="&#xd800;"/>'],
  ])('refuses %j', (text) => {
    expect(() => readXml(text)).toThrow()
  })

  test('refuses bytes that are not in their encoding', () => {
    expect(() => readXml(Uint8Array.of(0x3c, 0x65, 0xe9, 0x2f, 0x3e))).toThrow(TypeError)
  })
})
