import { describe, expect, test } from 'vitest'
import type { XmlDocument, XmlElement } from '../../../../src/core/dialects/tomcat/xml/document.ts'
import {
  insertChild,
  removeAttribute,
  removeElement,
  setAttribute,
} from '../../../../src/core/dialects/tomcat/xml/edit.ts'
import { fc } from '../../../support/fast-check.ts'
import { edited, type OracleNode, parsed, readByOracle } from './support.ts'

const names = ['a', 'b', 'Engine', 'Host', 'x-y', 'é'] as const
const runs = 2_000

const newline = fc.constantFrom('\n', '\r\n', '\r')
const space = fc
  .array(fc.constantFrom(' ', '\t', '\n', '\r\n'), { minLength: 1, maxLength: 3 })
  .map((s) => s.join(''))
const maybeSpace = fc.oneof(fc.constant(''), space)

/** Any text that XML can hold. */
const anyText = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) =>
    text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ''),
  )

const rawValue = fc.array(
  fc.constantFrom(
    'x',
    ' ',
    '&lt;',
    '&#x41;',
    '&amp;',
    '>',
    '=',
    '/>',
    '<!--'.slice(1),
    'ü',
    '🧀',
    '\n',
    "'",
    '"',
  ),
  { maxLength: 6 },
)

const attribute = (name: string) =>
  fc
    .tuple(space, maybeSpace, maybeSpace, fc.constantFrom('"', "'"), rawValue)
    .map(([before, left, right, quote, parts]) => {
      const value = parts.filter((part) => part !== quote).join('')
      return `${before}${name}${left}=${right}${quote}${value}${quote}`
    })

const attributes = fc
  .uniqueArray(fc.constantFrom('p', 'q', 'jvmRoute', 'ü:r'), { maxLength: 3 })
  .chain((chosen) => fc.tuple(...chosen.map(attribute)))
  .map((written) => written.join(''))

const filler = fc.oneof(
  newline,
  fc.constantFrom(
    ' ',
    '\t',
    'text',
    '&gt;',
    '<?pi <a/> ?>',
    '<![CDATA[<a p="1"/>]]>',
    '<!-- <a p="1"/> -->',
  ),
)

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom(...names),
      attributes,
      maybeSpace,
      fc.array(fc.oneof({ maxDepth: 4, depthIdentifier: 'xml' }, filler, tie('element')), {
        maxLength: 4,
      }),
      fc.boolean(),
    )
    .map(([name, written, end, content, closes]) =>
      content.length === 0 && closes
        ? `<${name}${written}${end}/>`
        : `<${name}${written}${end}>${content.join('')}</${name}${end}>`,
    ),
}))

const source = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>\n', '<!-- top -->\r\n', '<!DOCTYPE a>'),
    element,
    maybeSpace,
  )
  .map((parts) => parts.join(''))

const all = (at: XmlElement): readonly XmlElement[] => [at, ...at.children.flatMap(all)]

const pick = (document: XmlDocument, seed: number): { element: XmlElement; index: number } => {
  const elements = all(document.root)
  const index = seed % elements.length
  return { element: elements[index] ?? document.root, index }
}

/** The oracle's tree with one element changed, counted in the order of the file. */
const changeNth = (
  at: OracleNode,
  index: number,
  change: (node: OracleNode) => readonly OracleNode[],
): OracleNode => {
  let seen = -1
  const walk = (node: OracleNode): readonly OracleNode[] => {
    if (node.type === 'element') seen += 1
    const isIt = node.type === 'element' && seen === index
    const children = node.children?.flatMap(walk)
    const copy = children === undefined ? node : { ...node, children }
    return isIt ? change(copy) : [copy]
  }
  return walk(at)[0] ?? at
}

/** Without white space between elements, which an insertion may add and a removal take. */
const withoutBlank = (node: OracleNode): OracleNode => {
  const joined: OracleNode[] = []
  for (const child of node.children?.map(withoutBlank) ?? []) {
    const previous = joined.at(-1)
    if (child.type === 'text' && previous?.type === 'text')
      joined.splice(-1, 1, { ...previous, text: `${previous.text}${child.text}` })
    else joined.push(child)
  }
  const trimmed = joined
    .map((child) => (child.type === 'text' ? { ...child, text: child.text?.trim() ?? '' } : child))
    .filter((child) => child.type !== 'text' || child.text !== '')
  return node.children === undefined ? node : { ...node, children: trimmed }
}

describe('on any well-formed document', () => {
  test('elements and values are the same as in an independent parser', () => {
    fc.assert(
      fc.property(source, (text) => {
        const flat = (at: OracleNode): readonly OracleNode[] => [
          ...(at.type === 'element' ? [at] : []),
          ...(at.children?.flatMap(flat) ?? []),
        ]
        const expected = flat(readByOracle(text)).map((node) => [node.name, { ...node.attributes }])
        const read = all(parsed(text).root).map((at) => [
          at.name,
          Object.fromEntries(at.attributes.map(({ name, value }) => [name, value])),
        ])
        expect(read).toEqual(expected)
      }),
      { numRuns: runs },
    )
  })

  test('setting an attribute changes only that attribute', () => {
    fc.assert(
      fc.property(
        source,
        fc.nat(),
        fc.constantFrom('p', 'jvmRoute', 'new'),
        anyText,
        (text, seed, name, value) => {
          const { index } = pick(parsed(text), seed)
          const after = edited(text, (document) =>
            setAttribute(document, pick(document, seed).element, name, value),
          )
          const expected = changeNth(readByOracle(text), index, (node) => [
            { ...node, attributes: { ...node.attributes, [name]: value } },
          ])
          expect(readByOracle(after)).toEqual(expected)
        },
      ),
      { numRuns: runs },
    )
  })

  test('removing an attribute changes only that attribute', () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.constantFrom('p', 'jvmRoute'), (text, seed, name) => {
        const { index } = pick(parsed(text), seed)
        const after = edited(text, (document) =>
          removeAttribute(document, pick(document, seed).element, name),
        )
        const expected = changeNth(readByOracle(text), index, (node) => {
          const { [name]: _, ...attributes } = node.attributes ?? {}
          return [{ ...node, attributes }]
        })
        expect(readByOracle(after)).toEqual(expected)
      }),
      { numRuns: runs },
    )
  })

  test('inserting a last child changes only white space around it', () => {
    fc.assert(
      fc.property(source, fc.nat(), anyText, (text, seed, value) => {
        const { index } = pick(parsed(text), seed)
        const child = { name: 'New', attributes: [['v', value]] as const, children: [] }
        const after = edited(text, (document) =>
          insertChild(document, pick(document, seed).element, child, { kind: 'last' }),
        )
        const added = { type: 'element', name: 'New', attributes: { v: value }, children: [] }
        const expected = changeNth(readByOracle(text), index, (node) => [
          { ...node, children: [...(node.children ?? []), added] },
        ])
        expect(withoutBlank(readByOracle(after))).toEqual(withoutBlank(expected))
      }),
      { numRuns: runs },
    )
  })

  test('inserting a child next to a sibling and removing it restores the elements', () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.constantFrom('before', 'after'), (text, seed, kind) => {
        const document = parsed(text)
        const parent = all(document.root)
          .filter(({ children }) => children.length > 0)
          .at(seed % 3)
        const sibling = parent?.children.at(seed % 2)
        if (parent === undefined || sibling === undefined) return
        const child = { name: 'New', attributes: [], children: [] }
        const after = edited(text, () => insertChild(document, parent, child, { kind, sibling }))
        const added = all(parsed(after).root).filter(({ name }) => name === 'New')
        expect(added).toHaveLength(1)
        const again = edited(after, (one) => added.flatMap((it) => removeElement(one, it)))
        expect(withoutBlank(readByOracle(again))).toEqual(withoutBlank(readByOracle(text)))
      }),
      { numRuns: runs },
    )
  })
})
