/** Frames of RFC 6455, as far as a client needs them that only sends pings. */

const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const

export interface ControlFrame {
  readonly kind: keyof typeof opcodes
  readonly payload: Uint8Array
}

/** Of a control frame. */
const longestPayload = 125

/** @param mask four random bytes: a client masks everything that it sends. */
export const maskedFrame = ({ kind, payload }: ControlFrame, mask: Uint8Array): Uint8Array => {
  const sent = payload.subarray(0, longestPayload)
  return Uint8Array.from([
    0x80 | opcodes[kind],
    0x80 | sent.length,
    ...mask,
    ...sent.map((byte, index) => byte ^ (mask[index % 4] ?? 0)),
  ])
}

/** Length of a header: the length of the payload has 7, 7 + 16 or 7 + 64 bits. */
const headerLength = (second: number): number => {
  const masked = (second & 0x80) === 0 ? 0 : 4
  const form = second & 0x7f
  return 2 + (form === 126 ? 2 : form === 127 ? 8 : 0) + masked
}

const payloadLength = (header: readonly number[]): number => {
  const form = (header[1] ?? 0) & 0x7f
  if (form < 126) return form
  const end = form === 126 ? 4 : 10
  return header.slice(2, end).reduce((sum, byte) => sum * 256 + byte, 0)
}

const kindOf = (first: number): ControlFrame['kind'] | null => {
  switch (first & 0x0f) {
    case opcodes.close:
      return 'close'
    case opcodes.ping:
      return 'ping'
    case opcodes.pong:
      return 'pong'
    default:
      return null
  }
}

/** The control frames of a server in what it sends; messages are skipped, whatever their length. */
export const frameReader = (): ((bytes: Uint8Array) => readonly ControlFrame[]) => {
  let header: number[] = []
  let payload: number[] = []
  let missing = 0
  const isWhole = (): boolean =>
    header.length >= 2 && header.length === headerLength(header[1] ?? 0)
  return (bytes) => {
    const frames: ControlFrame[] = []
    const end = (): void => {
      const kind = kindOf(header[0] ?? 0)
      if (kind !== null) frames.push({ kind, payload: Uint8Array.from(payload) })
      header = []
      payload = []
    }
    let at = 0
    while (at < bytes.length) {
      if (!isWhole()) {
        header.push(bytes[at++] ?? 0)
        if (!isWhole()) continue
        missing = payloadLength(header)
      } else {
        const part = bytes.subarray(at, at + missing)
        payload.push(...part.subarray(0, Math.max(0, longestPayload - payload.length)))
        at += part.length
        missing -= part.length
      }
      if (missing === 0) end()
    }
    return frames
  }
}
