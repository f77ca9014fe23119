import { describe, expect, test } from 'vitest'
import type { XmlDocument } from '../../../../src/core/dialects/tomcat/xml/document.ts'
import {
  insertChild,
  type Splice,
  setAttribute,
} from '../../../../src/core/dialects/tomcat/xml/edit.ts'
import { editedBytes, find, fixture, isReplacement, parsed } from './support.ts'

const files = [
  'server-plain.xml',
  'server-crlf.xml',
  'server-single-quotes.xml',
  'server-existing.xml',
  'server-doctype.xml',
  'server-several.xml',
  'server-ascii.xml',
  'server-latin1.xml',
  'server-windows-1252.xml',
  'server-utf8-bom.xml',
  'server-utf16le.xml',
  'server-utf16be-no-bom.xml',
] as const

/** Encoders of Node's own, so that the expectation does not come from the code under test. */
const nodeEncoding: Readonly<Record<string, BufferEncoding>> = {
  'iso-8859-1': 'latin1',
  'windows-1252': 'latin1',
  'us-ascii': 'latin1',
  'utf-16le': 'utf16le',
}

const inEncodingOf = (document: XmlDocument, text: string): Uint8Array =>
  document.encoding === 'utf-16be'
    ? new Uint8Array(Buffer.from(text, 'utf16le').swap16())
    : new Uint8Array(Buffer.from(text, nodeEncoding[document.encoding] ?? 'utf8'))

/** Only `removed` at one place, and `added` in its stead: nothing else may move. */
const expectOnly = (
  name: string,
  edit: (document: XmlDocument) => readonly Splice[],
  removed: string,
  added: (document: XmlDocument) => string,
): void => {
  const before = fixture(name)
  const document = parsed(before)
  const after = editedBytes(before, edit)
  expect(
    isReplacement(
      before,
      after,
      inEncodingOf(document, removed),
      inEncodingOf(document, added(document)),
    ),
  ).toBe(true)
}

describe.each(files)('%s', (name) => {
  test('a new value changes only the bytes between the quotes', () => {
    expectOnly(
      name,
      (document) => setAttribute(document, find(document, 'Server'), 'port', '-1'),
      name === 'server-existing.xml' ? '8015' : '8005',
      () => '-1',
    )
  })

  test('a new attribute adds its bytes and removes none', () => {
    expectOnly(
      name,
      (document) => setAttribute(document, find(document, 'Host'), 'added', 'x<y'),
      '',
      (document) => {
        const quote = name === 'server-single-quotes.xml' ? "'" : '"'
        const host = find(document, 'Host')
        const written = document.text.slice(host.start, host.openEnd)
        const gap = /\s+autoDeploy/.exec(written)?.[0].replace('autoDeploy', '')
        const isOwnLine = name === 'server-plain.xml' ? ' ' : (gap ?? ' ')
        return `${isOwnLine}added=${quote}x&lt;y${quote}`
      },
    )
  })

  test('a new child adds its line and removes none', () => {
    expectOnly(
      name,
      (document) =>
        insertChild(
          document,
          find(document, 'Service'),
          { name: 'New', attributes: [['a', '1']], children: [] },
          { kind: 'last' },
        ),
      '',
      (document) => {
        const newline = document.text.includes('\r\n') ? '\r\n' : '\n'
        const indent = /[\r\n]([ \t]+)<Connector/.exec(document.text)?.[1] ?? ''
        const quote = name === 'server-single-quotes.xml' ? "'" : '"'
        const slash = /<Connector [^>]*? \/>/.test(document.text) ? ' />' : '/>'
        return `${indent}<New a=${quote}1${quote}${slash}${newline}`
      },
    )
  })

  test('setting an attribute to its current value changes nothing', () => {
    const before = fixture(name)
    const after = editedBytes(before, (document) => [
      ...setAttribute(
        document,
        find(document, 'Engine'),
        'defaultHost',
        find(document, 'Engine').attributes.find((a) => a.name === 'defaultHost')?.value ?? '',
      ),
      ...setAttribute(
        document,
        find(document, 'Server'),
        'shutdown',
        find(document, 'Server').attributes.find((a) => a.name === 'shutdown')?.value ?? '',
      ),
    ])
    expect(after).toEqual(before)
  })
})
