import { beforeAll, describe, test } from 'vitest'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { expectFate, type Fate, spread, titleOf } from './support/sessions.ts'
import { startStubs } from './support/stubs.ts'
import { members } from './support/upstream.ts'

const cookie = (text: string): Fate[0] => ({ headers: { Cookie: text } })
const cookies = (...texts: readonly string[]): Fate[0] => ({ headers: { Cookie: texts } })
const long = 'x'.repeat(8_192)

const fates: readonly Fate[] = [
  [{}, 'NEW'],
  [{ session: 'ABC.a' }, 'a'],
  [{ session: 'ABC.b' }, 'b'],
  [{ session: 'ABC.c' }, 'c'],
  // The text after the last dot, whatever precedes it.
  [{ session: 'ABC.x.b' }, 'b'],
  [{ session: 'ABC.a.b' }, 'b'],
  [{ session: '.b' }, 'b'],
  [{ session: '..b' }, 'b'],
  // No dot, no route.
  [{ session: 'ABC' }, 'MISS'],
  [{ session: 'b' }, 'MISS'],
  [{ session: 'ABCb' }, 'MISS'],
  [{ session: 'ABC.' }, 'MISS'],
  [{ session: 'ABC.b.' }, 'MISS'],
  [{ session: '.' }, 'MISS'],
  // Whole, and case-sensitive.
  [{ session: 'ABC.B' }, 'MISS', 'B'],
  [{ session: 'ABC.bb' }, 'MISS', 'bb'],
  [{ session: 'ABC.ab' }, 'MISS', 'ab'],
  [{ session: 'ABC.b1' }, 'MISS', 'b1'],
  // A value is used verbatim.
  [cookie('JSESSIONID="ABC.b"'), 'MISS', 'b"'],
  [{ session: 'ABC%2Eb' }, 'MISS'],
  [{ session: 'ABC.%62' }, 'MISS', '%62'],
  [{ session: 'ABC!app.b' }, 'b'],
  // An empty one is no session.
  [{ session: '' }, 'NEW'],
  // The cookie among others, some with similar names.
  [cookie('x=1; JSESSIONID=ABC.b; y=2'), 'b'],
  [cookie('x=JSESSIONID=ABC.a; JSESSIONID=ABC.b'), 'b'],
  [cookie('XJSESSIONID=ABC.a; JSESSIONID=ABC.b'), 'b'],
  [cookie('JSESSIONIDX=ABC.a; JSESSIONID=ABC.b'), 'b'],
  [cookie('XJSESSIONID=ABC.a'), 'NEW'],
  [cookie('JSESSIONIDX=ABC.a'), 'NEW'],
  [cookie('JSESSION=ABC.a'), 'NEW'],
  // nginx's own $cookie_ does not mind the case of the name.
  [cookie('jsessionid=ABC.b'), 'b'],
  [cookie('JSessionID=ABC.b'), 'b'],
  [cookie('jSESSIONID=ABC.a; JSESSIONID=ABC.b'), 'a'],
  // 8 KB: in front of the route, and as the route.
  [{ session: `${long}.b` }, 'b'],
  [{ session: `ABC.${long}` }, 'MISS', long],
  [{ session: long }, 'MISS'],
  [{ session: `${'.'.repeat(8_192)}b` }, 'b'],
  // The cookie comes before the URL, even when it leads nowhere.
  [{ session: 'ABC.b', path: '/x;jsessionid=ABC.c' }, 'b'],
  [{ session: 'ABC.b', path: '/x?jsessionid=ABC.c' }, 'b'],
  [{ session: 'ABC', path: '/x;jsessionid=ABC.c' }, 'MISS'],
  [{ session: 'ABC.z', path: '/x;jsessionid=ABC.c' }, 'MISS', 'z'],
  // Of several cookies, the first one whose route is a server's: Tomcat keeps the first session
  // that it knows.
  [cookie('JSESSIONID=X.other; JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID=X.other; JSESSIONID=Y.z; JSESSIONID=Y.c; JSESSIONID=Y.b'), 'c'],
  [cookie('JSESSIONID=X.a; JSESSIONID=Y.b'), 'a'],
  [cookie('JSESSIONID=X; JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID=; JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID=;JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID; JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID=X.other; x=1, JSESSIONID=Y.b'), 'b'],
  [cookie('JSESSIONID=X.other; jsessionid=Y.b'), 'b'],
  [cookie('JSESSIONID=X.B; XJSESSIONID=Y.a; JSESSIONID=Y.b'), 'b'],
  [cookie(`JSESSIONID=${long}; JSESSIONID=Y.b`), 'b'],
  [cookie(`${'JSESSIONID=X.other; '.repeat(400)}JSESSIONID=Y.b`), 'b'],
  // None has one: the first, and not the URL, which Tomcat does not read if there is a cookie.
  [cookie('JSESSIONID=X.y; JSESSIONID=Y.z'), 'MISS', 'y'],
  [cookie('JSESSIONID=; JSESSIONID=Y.z'), 'MISS', 'z'],
  [{ ...cookie('JSESSIONID=X.y; JSESSIONID=Y.z'), path: '/x;jsessionid=ABC.c' }, 'MISS', 'y'],
  [{ ...cookie('JSESSIONID=X.y; JSESSIONID=Y.b'), path: '/x;jsessionid=ABC.c' }, 'b'],
  [{ ...cookie('JSESSIONID=; JSESSIONID='), path: '/x;jsessionid=ABC.c' }, 'c'],
  // Over all headers, in their order.
  [cookies('JSESSIONID=X.other', 'JSESSIONID=Y.b'), 'b'],
  [cookies('x=1', 'JSESSIONID=X.c; y=2', 'JSESSIONID=Y.b'), 'c'],
  [cookies('JSESSIONID=', 'JSESSIONID=X.other; JSESSIONID=', 'y=1; JSESSIONID=Y.b'), 'b'],
  [cookies('JSESSIONID=X.y', 'JSESSIONID=Y.z'), 'MISS', 'y'],
  // Absent or empty, it does not.
  [{ session: '', path: '/x;jsessionid=ABC.c' }, 'c'],
  [{ session: '', path: '/x?jsessionid=ABC.c' }, 'c'],
]

overVariants('everywhere', (variant) => {
  describe('the session is the value of the cookie', () => {
    let balancer: Balancer
    beforeAll(async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const route = 'jvm_route $cookie_JSESSIONID|jsessionid reverse;'
      const app = [spread, ...members(variant, stubs), route]
      balancer = await startBalancer(variant, { stubs, upstreams: { app } })
    })

    test.for(fates.map((fate) => ({ title: titleOf(fate), fate })))('$title', ({ fate }) =>
      expectFate(balancer, 'app', fate),
    )
  })

  describe('without reverse, from several cookies', () => {
    let balancer: Balancer
    beforeAll(async () => {
      const stubs = await startStubs('a', 'b', 'c')
      const route = 'jvm_route $cookie_JSESSIONID|jsessionid;'
      const app = [spread, ...members(variant, stubs), route]
      balancer = await startBalancer(variant, { stubs, upstreams: { app } })
    })

    const resin: readonly Fate[] = [
      [cookie('JSESSIONID=xABC; JSESSIONID=bABC'), 'b'],
      [cookie('JSESSIONID=; JSESSIONID=zz; JSESSIONID=cABC; JSESSIONID=bABC'), 'c'],
      [cookies('JSESSIONID=xABC', 'JSESSIONID=bABC'), 'b'],
      [{ ...cookie('JSESSIONID=xABC; JSESSIONID=yABC'), path: '/x;jsessionid=bABC' }, 'MISS'],
      [{ ...cookie('JSESSIONID=; JSESSIONID='), path: '/x;jsessionid=bABC' }, 'b'],
    ]
    test.for(resin.map((fate) => ({ title: titleOf(fate), fate })))('$title', ({ fate }) =>
      expectFate(balancer, 'app', fate),
    )
  })
})
