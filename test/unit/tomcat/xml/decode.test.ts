import { describe, expect, test } from 'vitest'
import { decodeXml } from '../../../../src/core/dialects/tomcat/xml/decode.ts'
import { bytesOf as encoded, fixture } from './support.ts'

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

const problemOf = (bytes: Uint8Array): string => {
  const result = decodeXml(bytes)
  return result.ok ? `read as ${result.value.encoding}` : result.problem.message
}

describe('decodeXml', () => {
  test.each([
    ['server-plain.xml', 'utf-8', false, 'Owner: platform team'],
    ['server-utf8-bom.xml', 'utf-8', true, 'Owner: platform team'],
    ['server-single-quotes.xml', 'utf-8', false, 'work/a"b'],
    ['server-existing.xml', 'utf-8', false, 'since 2019'],
    ['server-ascii.xml', 'us-ascii', false, 'Owner: platform team'],
    ['server-latin1.xml', 'iso-8859-1', false, 'Müller & Söhne'],
    ['server-windows-1252.xml', 'windows-1252', false, 'Käse €5'],
    ['server-utf16le.xml', 'utf-16le', true, 'Käse 🧀'],
    ['server-utf16be-no-bom.xml', 'utf-16be', false, 'Käse 🧀'],
  ] as const)('%s is %s, and comes back byte for byte', (name, encoding, bom, excerpt) => {
    const bytes = fixture(name)
    const decoded = decodeXml(bytes)
    expect(decoded).toMatchObject({ ok: true, value: { encoding, bom } })
    if (!decoded.ok) return
    expect(decoded.value.text).toContain(excerpt)
    expect(encoded(decoded.value)).toEqual(bytes)
  })

  test('decodes every byte of ISO-8859-1 and every defined byte of windows-1252 without loss', () => {
    for (const name of ['ISO-8859-1', 'windows-1252']) {
      const head = [...bytesOf(`<?xml version="1.0" encoding="${name}"?><a>`)]
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter(
        (byte) => name === 'ISO-8859-1' || ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte),
      )
      const bytes = Uint8Array.from([...head, ...all])
      const decoded = decodeXml(bytes)
      expect(decoded.ok && encoded(decoded.value)).toEqual(bytes)
    }
  })

  test.each([
    [
      'UTF-8 with a stray byte',
      bytesOf('<a b="\xe9"/>'),
      'the file is not valid utf-8: byte 0xe9 is not allowed here',
    ],
    [
      'an overlong form',
      bytesOf('<a b="\xc0\xaf"/>'),
      'the file is not valid utf-8: byte 0xc0 is not allowed here',
    ],
    [
      'US-ASCII with a byte above 127',
      bytesOf('<?xml version="1.0" encoding="US-ASCII"?><a b="\xe9"/>'),
      'the file is not valid us-ascii: byte 0xe9 is not allowed here',
    ],
    [
      'a byte that windows-1252 does not define',
      bytesOf('<?xml version="1.0" encoding="windows-1252"?><a b="\x81"/>'),
      'the file is not valid windows-1252: byte 0x81 is not allowed here',
    ],
    [
      'half a character of UTF-16',
      bytesOf('\xff\xfe<\x00a\x00/\x00>'),
      'the file is not valid utf-16le: byte 0x3e is not allowed here',
    ],
    [
      'a lone surrogate',
      bytesOf('\xfe\xff\x00<\xd8\x00\x00>'),
      'the file is not valid utf-16be: byte 0xd8 is not allowed here',
    ],
    [
      'an unknown encoding',
      bytesOf('<?xml version="1.0" encoding="Shift_JIS"?><a/>'),
      'the XML declaration names the encoding "Shift_JIS", which sessctl does not support',
    ],
    [
      'UTF-32',
      bytesOf('\xff\xfe\x00\x00<\x00\x00\x00'),
      'the file is encoded in UTF-32 or EBCDIC, which sessctl does not support',
    ],
    [
      'a BOM that contradicts the declaration',
      bytesOf('\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>'),
      'the XML declaration names the encoding "ISO-8859-1", but the first bytes of the file are utf-8',
    ],
    [
      'an 8-bit file that declares UTF-16',
      bytesOf('<?xml version="1.0" encoding="UTF-16"?><a/>'),
      'the XML declaration names the encoding "UTF-16", but the first bytes of the file are in an 8-bit encoding',
    ],
    [
      'a UTF-16 file that declares UTF-8',
      bytesOf(
        '\xfe\xff' +
          [...'<?xml version="1.0" encoding="UTF-8"?><a/>'].map((c) => `\0${c}`).join(''),
      ),
      'the XML declaration names the encoding "UTF-8", but the first bytes of the file are utf-16be',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(problemOf(bytes)).toBe(message)
  })
})
