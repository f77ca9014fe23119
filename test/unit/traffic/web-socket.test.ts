import { expect, test } from 'vitest'
import { frameReader, maskedFrame } from '../../../src/core/traffic/web-socket.ts'
import { fc } from '../../support/fast-check.ts'

const frame = (opcode: number, payload: Uint8Array): readonly number[] => {
  const { length } = payload
  if (length < 126) return [0x80 | opcode, length, ...payload]
  if (length < 0x10000) return [0x80 | opcode, 126, length >> 8, length & 0xff, ...payload]
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff)
  return [0x80 | opcode, 127, 0, 0, 0, 0, ...bytes, ...payload]
}

const message = fc.oneof(
  fc.tuple(fc.constantFrom(9, 10), fc.uint8Array({ maxLength: 125 })),
  fc.tuple(fc.constantFrom(0, 1, 2), fc.uint8Array({ maxLength: 400 })),
  fc.tuple(fc.constant(2), fc.constant(new Uint8Array(70_000))),
)

test('finds the control frames between messages, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.nat(2000), { maxLength: 10 }),
      (messages, cuts) => {
        const bytes = Uint8Array.from(
          messages.flatMap(([opcode, payload]) => frame(opcode, payload)),
        )
        const read = frameReader()
        const places = [...cuts.sort((a, b) => a - b), bytes.length]
        let from = 0
        const found = places.flatMap((to) => {
          const frames = read(bytes.subarray(from, to))
          from = Math.max(from, to)
          return frames
        })
        const sent = messages.filter(([opcode]) => opcode > 8)
        expect(found.map(({ kind, payload }) => [kind === 'ping' ? 9 : 10, payload])).toEqual(sent)
      },
    ),
    { numRuns: 200 },
  )
})

test('keeps no more of a control frame than RFC 6455 allows', () => {
  const [found] = frameReader()(Uint8Array.from(frame(9, new Uint8Array(5000))))
  expect(found?.payload.length).toBe(125)
})

test('masks what it sends', () => {
  const sent = maskedFrame(
    { kind: 'ping', payload: Uint8Array.of(1, 2, 3, 4, 5) },
    Uint8Array.of(255, 0, 255, 0),
  )
  expect([...sent]).toEqual([0x89, 0x85, 255, 0, 255, 0, 254, 2, 252, 4, 250])
})
