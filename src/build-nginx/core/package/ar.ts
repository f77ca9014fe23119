export interface Member {
  readonly name: string
  readonly content: Uint8Array
}

const magic = '!<arch>\n'
const headerSize = 60

const header = ({ name, content }: Member, seconds: number): Buffer =>
  Buffer.from(
    [
      name.padEnd(16),
      String(seconds).padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
      String(content.length).padEnd(10),
      '`\n',
    ].join(''),
    'latin1',
  )

/** An archive of ar(1), as .deb files are. */
export const writeAr = (members: readonly Member[], seconds: number): Uint8Array =>
  Buffer.concat([
    Buffer.from(magic),
    ...members.flatMap((member) => [
      header(member, seconds),
      member.content,
      Buffer.from(member.content.length % 2 === 0 ? '' : '\n'),
    ]),
  ])

/** @returns null for what is no such archive. */
export const readAr = (bytes: Uint8Array): readonly Member[] | null => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (text.toString('latin1', 0, magic.length) !== magic) return null
  const members: Member[] = []
  for (let at = magic.length; at + headerSize <= text.length; ) {
    const written = text.toString('latin1', at + 48, at + 58)
    // Nothing negative: the next header stands behind this one.
    if (!/^\d+ *$/.test(written)) return null
    const size = Number(written)
    const name = text.toString('latin1', at, at + 16).trimEnd()
    const start = at + headerSize
    members.push({ name, content: bytes.subarray(start, start + size) })
    at = start + size + (size % 2)
  }
  return members
}
