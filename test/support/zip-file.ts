import { crc32, deflateRawSync } from 'node:zlib'

/** What a member says of itself, where that is not the truth. */
export interface Member {
  readonly name: string
  readonly body: string | Buffer
  readonly method?: number
  readonly flags?: number
  readonly said?: {
    readonly size?: number
    readonly packedSize?: number
    readonly crc?: number
    readonly offset?: number
  }
  readonly extra?: Buffer
}

export interface End {
  /** Instead of the number of members. */
  readonly count?: number
  /** Instead of where the central directory starts. */
  readonly offset?: number
  /** Before the end record: where a zip64 locator stands. */
  readonly before?: Buffer
  readonly after?: Buffer
}

const localHeader = (member: Member, packed: Buffer): Buffer => {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(member.flags ?? 0, 6)
  header.writeUInt16LE(member.method ?? 8, 8)
  header.writeUInt16LE(Buffer.byteLength(member.name), 26)
  return Buffer.concat([header, Buffer.from(member.name), packed])
}

const listed = (member: Member, packed: Buffer, offset: number): Buffer => {
  const { name, body, said = {}, extra = Buffer.alloc(0) } = member
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(member.flags ?? 0, 8)
  header.writeUInt16LE(member.method ?? 8, 10)
  header.writeUInt32LE(said.crc ?? crc32(body), 16)
  header.writeUInt32LE(said.packedSize ?? packed.length, 20)
  header.writeUInt32LE(said.size ?? Buffer.byteLength(body), 24)
  header.writeUInt16LE(Buffer.byteLength(name), 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(said.offset ?? offset, 42)
  return Buffer.concat([header, Buffer.from(name), extra])
}

/** A zip file, byte by byte: of what no honest program would write as well. */
export const zipOf = (members: readonly Member[], end: End = {}): Buffer => {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const body = Buffer.from(member.body)
    const packed = (member.method ?? 8) === 8 ? deflateRawSync(body) : body
    const local = localHeader(member, packed)
    directory.push(listed(member, packed, offset))
    bodies.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const last = Buffer.alloc(22)
  last.writeUInt32LE(0x06054b50, 0)
  last.writeUInt16LE(end.count ?? members.length, 8)
  last.writeUInt16LE(end.count ?? members.length, 10)
  last.writeUInt32LE(list.length, 12)
  last.writeUInt32LE(end.offset ?? offset, 16)
  const { before = Buffer.alloc(0), after = Buffer.alloc(0) } = end
  return Buffer.concat([...bodies, list, before, last, after])
}
