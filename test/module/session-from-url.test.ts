import { beforeAll, describe, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { expectFate, type Fate, spread, titleOf } from './support/sessions.ts'
import { startStubs } from './support/stubs.ts'
import { members } from './support/upstream.ts'

const long = 'x'.repeat(8_192)
const at = (path: string, fate: string, route?: string): Fate =>
  route === undefined ? [{ path }, fate] : [{ path }, fate, route]

const pathParameter: readonly Fate[] = [
  at('/x;jsessionid=ABC.b', 'b'),
  at('/;jsessionid=ABC.b', 'b'),
  at('/x/;jsessionid=ABC.b', 'b'),
  at('/x.jsp;v=1;jsessionid=ABC.b', 'b'),
  // It ends at ; / ? #
  at('/x;jsessionid=ABC.b;v=1', 'b'),
  at('/x;jsessionid=ABC.b;', 'b'),
  at('/x;jsessionid=ABC.b/y', 'b'),
  at('/x;jsessionid=ABC.b/y.jsp;v=a', 'b'),
  at('/x;jsessionid=ABC.b/', 'b'),
  at('/x;jsessionid=ABC.b?q=1', 'b'),
  at('/x;jsessionid=ABC.b?', 'b'),
  at('/x;jsessionid=ABC.b#top', 'b'),
  at('/x;jsessionid=ABC.b#top.a', 'b'),
  // ... and at nothing else.
  at('/x;jsessionid=ABC.b&q=1', 'MISS', 'b&q=1'),
  at('/x;jsessionid=ABC.b,c', 'MISS', 'b,c'),
  at('/x;jsessionid=ABC.b=1', 'MISS', 'b=1'),
  // The name's case does not matter, the route's does.
  at('/x;JSESSIONID=ABC.b', 'b'),
  at('/x;JSessionId=ABC.b', 'b'),
  at('/x;jsessionid=ABC.B', 'MISS', 'B'),
  at('/x;jsessionid=ABC', 'MISS'),
  // Verbatim.
  at('/x;jsessionid=ABC%2Eb', 'MISS'),
  at('/x;jsessionid=ABC.%62', 'MISS', '%62'),
  at('/x%3Bjsessionid=ABC.b', 'NEW'),
  at('/x;jsessionid%3DABC.b', 'NEW'),
  // Look-alikes, alone and in front of the real one.
  at('/x;xjsessionid=ABC.b', 'NEW'),
  at('/x;jsessionidx=ABC.b', 'NEW'),
  at('/x;v=jsessionid=ABC.b', 'NEW'),
  at('/jsessionid=ABC.b', 'NEW'),
  at('/jsessionid/ABC.b', 'NEW'),
  at('/jsessionid/', 'NEW'),
  at('/jsessionid', 'NEW'),
  at('/x;jsessionid', 'NEW'),
  at('/x;jsessionid/ABC.b', 'NEW'),
  at('/x;=ABC.b', 'NEW'),
  at('/x;;;', 'NEW'),
  at('/x;xjsessionid=ABC.a;jsessionid=ABC.b', 'b'),
  at('/x;jsessionidx=ABC.a;jsessionid=ABC.b', 'b'),
  at('/x;jsessionid;jsessionid=ABC.b', 'b'),
  at('/jsessionid/x;jsessionid=ABC.b', 'b'),
  at('/jsessionid=ABC.a/x;jsessionid=ABC.b', 'b'),
  at('/x;jsession;jsessionid=ABC.b', 'b'),
  at('/x;jsessionid=ABC.b;xjsessionid=ABC.a', 'b'),
  // An empty one is no session.
  at('/x;jsessionid=', 'NEW'),
  at('/x;jsessionid=;v=1', 'NEW'),
  at('/x;jsessionid=/y', 'NEW'),
  at('/x;jsessionid=?q=ABC.b', 'NEW'),
  at('/x;jsessionid=;jsessionid=ABC.b', 'b'),
  // 8 KB.
  at(`/x;jsessionid=${long}.b`, 'b'),
  at(`/${long};jsessionid=ABC.b`, 'b'),
  at(`/x;jsessionid=ABC.${long}`, 'MISS', long),
  at(`/x;xjsessionid=${long};jsessionid=ABC.b`, 'b'),
  at(`/${';'.repeat(8_192)}`, 'NEW'),
  at(`/${';jsessionid'.repeat(1_000)}=ABC.b`, 'b'),
]

const queryArgument: readonly Fate[] = [
  at('/x?jsessionid=ABC.b', 'b'),
  at('/?jsessionid=ABC.b', 'b'),
  at('/x?q=1&jsessionid=ABC.b', 'b'),
  at('/x?&jsessionid=ABC.b', 'b'),
  // It ends at & ; and the end.
  at('/x?jsessionid=ABC.b&q=1', 'b'),
  at('/x?jsessionid=ABC.b&', 'b'),
  at('/x?jsessionid=ABC.b;q=1', 'b'),
  at('/x?q=1&jsessionid=ABC.b&r=ABC.a', 'b'),
  // ... and at nothing else.
  at('/x?jsessionid=ABC.b/y', 'MISS', 'b/y'),
  at('/x?jsessionid=ABC.b?y', 'MISS', 'b?y'),
  at('/x?jsessionid=ABC.b=1', 'MISS', 'b=1'),
  at('/x?JSESSIONID=ABC.b', 'b'),
  at('/x?JSessionId=ABC.b', 'b'),
  at('/x?jsessionid=ABC%2Eb', 'MISS'),
  at('/x?jsessionid=ABC', 'MISS'),
  // The whole name, starting at ? or &.
  at('/x?xjsessionid=ABC.b', 'NEW'),
  at('/x?jsessionidx=ABC.b', 'NEW'),
  at('/x?q=jsessionid=ABC.b', 'NEW'),
  at('/x?q=1;jsessionid=ABC.b', 'NEW'),
  at('/x?/y;jsessionid=ABC.b', 'NEW'),
  at('/x?;jsessionid=ABC.b', 'NEW'),
  at('/x?q=/jsessionid/ABC.b', 'NEW'),
  at('/x?jsessionid', 'NEW'),
  at('/x?jsessionid&ABC.b', 'NEW'),
  at('/x?q=1?jsessionid=ABC.b', 'NEW'),
  at('/x?', 'NEW'),
  at('/x?=ABC.b', 'NEW'),
  at('/x?xjsessionid=ABC.a&jsessionid=ABC.b', 'b'),
  at('/x?jsessionidx=ABC.a&jsessionid=ABC.b', 'b'),
  at('/x?jsessionid&jsessionid=ABC.b', 'b'),
  at('/x?q=jsessionid=ABC.a&jsessionid=ABC.b', 'b'),
  at('/jsessionid?jsessionid=ABC.b', 'b'),
  at('/x?jsessionid=', 'NEW'),
  at('/x?jsessionid=&q=ABC.b', 'NEW'),
  at('/x?jsessionid=;q=ABC.b', 'NEW'),
  at('/x?jsessionid=&jsessionid=ABC.b', 'b'),
  at(`/x?jsessionid=${long}.b`, 'b'),
  at(`/x?q=${long}&jsessionid=ABC.b`, 'b'),
  at(`/x?${'&'.repeat(8_192)}`, 'NEW'),
  // First the path, then the query.
  at('/x;jsessionid=ABC.b?jsessionid=ABC.c', 'b'),
  at('/x;jsessionid=ABC?jsessionid=ABC.c', 'MISS'),
  at('/x;xjsessionid=ABC.b?jsessionid=ABC.c', 'c'),
  at('/x;jsessionid=?jsessionid=ABC.c', 'c'),
]

/** `|urlname` is another name than the cookie's. */
const otherName: readonly Fate[] = [
  at('/x;sid=ABC.b', 'b'),
  at('/x;SID=ABC.b', 'b'),
  at('/x?sid=ABC.b', 'b'),
  at('/x;jsessionid=ABC.b', 'NEW'),
  at('/x?jsessionid=ABC.b', 'NEW'),
  at('/x;jsessionid=ABC.a;sid=ABC.b', 'b'),
  [{ session: 'ABC.c', path: '/x;sid=ABC.b' }, 'c'],
]

overVariants('everywhere', (variant) => {
  describe('without a cookie, the session is in the URL', () => {
    let balancer: Balancer
    beforeAll(async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const route = (parameters: string): readonly string[] => [
        spread,
        ...members(variant, stubs),
        `jvm_route ${parameters} reverse;`,
      ]
      const upstreams = {
        named: route('$cookie_JSESSIONID|jsessionid'),
        unnamed: route('$cookie_JSESSIONID'),
        other: route('$cookie_JSESSIONID|sid'),
      }
      balancer = await startBalancer(variant, { stubs, upstreams })
    })

    const tables = { pathParameter, queryArgument }
    describe.each(Object.entries(tables))('%s', (_, fates) => {
      test.for(fates.map((fate) => ({ title: titleOf(fate), fate })))('$title', ({ fate }) =>
        expectFate(balancer, 'named', fate),
      )
    })
    test('its name is the name of the cookie if no other is set', async () => {
      for (const fate of [...pathParameter, ...queryArgument]) {
        await expectFate(balancer, 'unnamed', fate)
      }
    })
    test.for(otherName.map((fate) => ({ title: titleOf(fate), fate })))(
      '|sid: $title',
      ({ fate }) => expectFate(balancer, 'other', fate),
    )
    test('the request line may contain a scheme and a host', async () => {
      const path = `http://named:${balancer.port}/x;jsessionid=ABC.b`
      await expectFate(balancer, 'named', [{ path }, 'b'])
    })
  })
})
