import { describe, expect, test } from 'vitest'
import { readPath } from '../../../src/core/explain/path.ts'

const data = {
  version: 1,
  targets: { nginx: { version: '1.26.3' } },
  frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'shop' }] } },
  upstreams: {
    shop: { servers: { 'a.b': '10.0.0.1:80' } },
    'shop.a': { servers: { a: '10.0.0.1:80' } },
  },
}

const read = (path: string) => {
  const found = readPath(path, data)
  return found.kind === 'path' ? found.path : `${found.message}; ${found.help}`
}

describe('readPath', () => {
  test.each([
    ['', []],
    ['upstreams.shop', ['upstreams', 'shop']],
    ['upstreams.shop.a', ['upstreams', 'shop.a']],
    ['upstreams.shop.affinity', ['upstreams', 'shop', 'affinity']],
    ['upstreams.shop.servers.a.b', ['upstreams', 'shop', 'servers', 'a.b']],
    ['frontends.web.locations[0].match', ['frontends', 'web', 'locations', 0, 'match']],
    ['frontends.web.locations.0', ['frontends', 'web', 'locations', 0]],
  ])('reads %j', (text, path) => {
    expect(read(text)).toEqual(path)
  })
  test.each([
    ['upstreams.shopp', '"upstreams" has no "shopp"; did you mean "shop"?'],
    ['upstreams.shop.afinity', '"upstreams.shop" has no "afinity"; did you mean "affinity"?'],
    [
      'frontends.web.locations[7]',
      '"frontends.web.locations" has no "7"; use a number from 0 to 0',
    ],
    ['version.x', '"version" is a single value and has no "x"; use sessctl explain version'],
  ])('suggests what %j could be', (text, message) => {
    expect(read(text)).toBe(message)
  })
})
