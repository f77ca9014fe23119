import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeSpec } from '../../../src/core/spec/write.ts'

const values = {
  version: 1,
  upstreams: {
    shop: {
      affinity: { method: 'sticky', from: ['$a', '$b [ x ]'] },
      note: "[ it's ] # no comment",
      servers: { a: { address: '10.0.0.1:80', state: 'down' }, b: '[::1]:80' },
    },
    two: { servers: { a: 'a:80', b: 'b:80' } },
    one: { servers: { a: 'a:80' } },
  },
}

const comments = [
  { path: ['upstreams'], text: 'above [ x ]\nand more', place: 'above' },
  { path: ['upstreams', 'shop', 'note'], text: 'beside', place: 'beside' },
] as const

test('a line for each server, lists without padding, and the same values when it is read', () => {
  const text = writeSpec(values, 'Head', comments)
  expect(text).toBe(`# Head

version: 1
# above [ x ] and more
upstreams:
  shop:
    affinity: { method: sticky, from: [$a, "$b [ x ]"] }
    note: "[ it's ] # no comment" # beside
    servers:
      a: { address: 10.0.0.1:80, state: down }
      b: "[::1]:80"
  two:
    servers:
      a: a:80
      b: b:80
  one:
    servers: { a: a:80 }
`)
  expect(parse(text)).toEqual(values)
})
