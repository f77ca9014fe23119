import { describe, expect, test } from 'vitest'
import {
  applySplices,
  insertChild,
  removeAttribute,
  removeElement,
  replaceElement,
  setAttribute,
} from '../../../../src/core/dialects/tomcat/xml/edit.ts'
import type { XmlNode } from '../../../../src/core/dialects/tomcat/xml/write.ts'
import { edited, find } from './support.ts'

const node = (name: string, attributes: Record<string, string> = {}): XmlNode => ({
  name,
  attributes: Object.entries(attributes),
  children: [],
})

describe('setAttribute', () => {
  const set = (source: string, value: string, element = 'a', name = 'x') =>
    edited(source, (document) => setAttribute(document, find(document, element), name, value))

  test.each([
    [
      'replaces only what is between the quotes',
      '<a  x = "1"\ty="2" />',
      '2',
      '<a  x = "2"\ty="2" />',
    ],
    ['keeps single quotes', `<a x='1'/>`, `"it's"`, `<a x='"it&apos;s"'/>`],
    ['escapes for double quotes', '<a x="1"/>', `"it's"`, `<a x="&quot;it's&quot;"/>`],
    ['escapes markup', '<a x="1"/>', '<&>]]>', '<a x="&lt;&amp;>]]>"/>'],
    [
      'keeps line ends and tabs as references',
      '<a x="1"/>',
      'a\tb\nc\rd',
      '<a x="a&#9;b&#10;c&#13;d"/>',
    ],
    [
      'leaves another spelling of the same value',
      '<a x="&#49;&amp;"/>',
      '1&',
      '<a x="&#49;&amp;"/>',
    ],
    ['adds behind the last one', '<a y="1"  z="2" />', '3', '<a y="1"  z="2" x="3" />'],
    ['adds in the quotes of its siblings', `<a y='1'/>`, '3', `<a y='1' x='3'/>`],
    ['adds to an element without any', '<a/>', '3', '<a x="3"/>'],
    ['adds to one that closes after a space', '<a ></a>', '3', '<a x="3" ></a>'],
    [
      'adds a line where each has its own',
      '<a y="1"\r\n   z="2"/>',
      '3',
      '<a y="1"\r\n   z="2"\r\n   x="3"/>',
    ],
    ['is not misled by a name that ends alike', '<a ax="1"/>', '3', '<a ax="1" x="3"/>'],
    ['is not misled by a value', '<a y=" x=\'1\' "/>', '3', '<a y=" x=\'1\' " x="3"/>'],
  ])('%s', (_, source, value, expected) => {
    expect(set(source, value)).toBe(expected)
  })

  test('writes a character that the encoding lacks as a numeric reference', () => {
    const source = '<?xml version="1.0" encoding="US-ASCII"?><a x="1"/>'
    expect(set(source, 'Käse 🧀')).toContain('<a x="K&#228;se &#129472;"/>')
  })

  test('throws for a character that XML does not allow', () => {
    expect(() => set('<a x="1"/>', 'a\u0000b')).toThrow('control character')
    expect(() => set('<a x="1"/>', '\ud800')).toThrow('control character')
  })

  test('does not change a commented-out element', () => {
    const source = '<r><!-- <a x="1"/> --><a x="2"/><!-- <a x="3"/> --></r>'
    expect(set(source, '9')).toBe('<r><!-- <a x="1"/> --><a x="9"/><!-- <a x="3"/> --></r>')
  })
})

describe('removeAttribute', () => {
  test.each([
    ['<a x="1" y="2"/>', '<a y="2"/>'],
    ['<a y="2"\n  x="1"/>', '<a y="2"/>'],
    ['<a y="2" />', '<a y="2" />'],
    ['<a x="1"></a>', '<a></a>'],
  ])('%j becomes %j', (source, expected) => {
    const text = edited(source, (document) => removeAttribute(document, document.root, 'x'))
    expect(text).toBe(expected)
  })
})

describe('insertChild', () => {
  const last = (source: string, child = node('n', { v: '1' })) =>
    edited(source, (document) =>
      insertChild(document, find(document, 'p'), child, { kind: 'last' }),
    )

  test.each([
    ['opens a self-closed element', '<p/>', '<p>\n  <n v="1"/>\n</p>'],
    ['opens one with a space before the slash', '<p a="1" />', '<p a="1">\n  <n v="1"/>\n</p>'],
    ['keeps CRLF', '<r>\r\n\t<p/>\r\n</r>', '<r>\r\n\t<p>\r\n\t\t<n v="1"/>\r\n\t</p>\r\n</r>'],
    ['fills an empty element', '<p></p>', '<p>\n  <n v="1"/>\n</p>'],
    ['follows the last line', '<p>\n    <c/>\n</p>', '<p>\n    <c/>\n    <n v="1"/>\n</p>'],
    [
      'follows comments, as the user left them last',
      '<p>\n <!-- <n/> -->\n</p>',
      '<p>\n <!-- <n/> -->\n  <n v="1"/>\n</p>',
    ],
    ['stays inline among inline siblings', '<p><c/></p>', '<p><c/><n v="1"/></p>'],
    [
      'takes quotes and the space before the slash from its siblings',
      `<p>\n <c a='1' />\n</p>`,
      `<p>\n <c a='1' />\n <n v='1' />\n</p>`,
    ],
    [
      'stands right at any depth',
      '<r>\n   <q>\n      <p/>\n   </q>\n</r>',
      '<r>\n   <q>\n      <p>\n         <n v="1"/>\n      </p>\n   </q>\n</r>',
    ],
  ])('%s', (_, source, expected) => {
    expect(last(source)).toBe(expected)
  })

  test('writes children below their parent', () => {
    const outer = { ...node('n'), children: [node('m', { v: '<' })] }
    expect(last('<p>\n\t<c/>\n</p>', outer)).toBe(
      '<p>\n\t<c/>\n\t<n>\n\t\t<m v="&lt;"/>\n\t</n>\n</p>',
    )
  })

  const beside = (source: string, kind: 'before' | 'after') =>
    edited(source, (document) =>
      insertChild(document, document.root, node('n'), { kind, sibling: find(document, 'c') }),
    )

  test.each([
    ['<p>\n  <c/>\n</p>', '<p>\n  <n/>\n  <c/>\n</p>'],
    ['<p>\n  <!-- about c -->\n  <c/>\n</p>', '<p>\n  <n/>\n  <!-- about c -->\n  <c/>\n</p>'],
    ['<p>\n  <!-- else -->\n\n  <c/>\n</p>', '<p>\n  <!-- else -->\n\n  <n/>\n  <c/>\n</p>'],
    ['<p><b/><c/></p>', '<p><b/><n/><c/></p>'],
  ])('before: %j becomes %j', (source, expected) => {
    expect(beside(source, 'before')).toBe(expected)
  })

  test.each([
    ['<p>\n  <c/>\n</p>', '<p>\n  <c/>\n  <n/>\n</p>'],
    ['<p>\n  <c/> <!-- about c -->\n</p>', '<p>\n  <c/> <!-- about c -->\n  <n/>\n</p>'],
    ['<p><c/><d/></p>', '<p><c/><n/><d/></p>'],
  ])('after: %j becomes %j', (source, expected) => {
    expect(beside(source, 'after')).toBe(expected)
  })
})

describe('removeElement and replaceElement', () => {
  test.each([
    ['<p>\r\n  <c/>\r\n</p>', '<p>\r\n</p>'],
    ['<p>\n  <c>\n  </c>  \n  <d/>\n</p>', '<p>\n  <d/>\n</p>'],
    ['<p><c/><d/></p>', '<p><d/></p>'],
    ['<p>\n  <c/><d/>\n</p>', '<p>\n  <d/>\n</p>'],
    ['<p>\n  <c/> <!-- x -->\n</p>', '<p>\n   <!-- x -->\n</p>'],
  ])('%j becomes %j', (source, expected) => {
    const text = edited(source, (document) => removeElement(document, find(document, 'c')))
    expect(text).toBe(expected)
  })

  test('replaces an element with another one', () => {
    const child = { ...node('n'), children: [node('m')] }
    const text = edited('<p>\n\t<c/>\n\t<d/>\n</p>', (document) =>
      replaceElement(document, document.root, find(document, 'c'), child),
    )
    expect(text).toBe('<p>\n\t<n>\n\t\t<m/>\n\t</n>\n\t<d/>\n</p>')
  })
})

describe('applySplices', () => {
  test('throws for overlapping edits', () => {
    const splices = [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' },
    ]
    expect(() => applySplices('abc', splices)).toThrow('overlap')
  })
})
