/** The MaxMind DB format 2.0, as far as one record needs it: a type and a size in front of each value. */
const sized = (type: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(type << 5) | content.length]), content])

const text = (value: string): Buffer => sized(2, Buffer.from(value))
const map = (entries: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat([
    Buffer.from([(7 << 5) | entries.length]),
    ...entries.flatMap(([key, value]) => [text(key), value]),
  ])

const bytesOf = (value: number): Buffer => {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from(bytes)
}
const uint16 = (value: number): Buffer => sized(5, bytesOf(value))
const uint32 = (value: number): Buffer => sized(6, bytesOf(value))
/** Types from 8 on have 0 in front, and the rest in a byte of its own. */
const extended = (type: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([content.length, type - 7]), content])
const uint64 = (value: number): Buffer => extended(9, bytesOf(value))
const list = (values: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([values.length, 11 - 7]), ...values])

const separatorBytes = 16

/** A database in which every IPv4 address is in one country. */
export const countryDatabase = (code: string): Uint8Array => {
  const nodes = 1
  // Both records of the only node lead to the beginning of the data.
  const record = Buffer.from([0, 0, nodes + separatorBytes])
  const metadata = map([
    ['binary_format_major_version', uint16(2)],
    ['binary_format_minor_version', uint16(0)],
    ['build_epoch', uint64(1_302_566_400)],
    ['database_type', text('sessctl')],
    ['description', map([['en', text('sessctl')]])],
    ['ip_version', uint16(4)],
    ['languages', list([text('en')])],
    ['node_count', uint32(nodes)],
    ['record_size', uint16(24)],
  ])
  return Buffer.concat([
    record,
    record,
    Buffer.alloc(separatorBytes),
    map([['country', map([['iso_code', text(code)]])]]),
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ])
}
