import { describe, expect, test } from 'vitest'
import { renderUpstream } from './render-upstream.ts'

const stock = { version: '1.22.1' }

const serversOf = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `n${index}`,
      `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:8080`,
    ]),
  )

describe('the route of a session', () => {
  test('is what follows the last dot of the cookie, else of the URL', () => {
    const { inside } = renderUpstream(stock, { affinity: { method: 'jvm_route' } })
    expect(inside('map $cookie_JSESSIONID $route_in_first_cookie_app')).toEqual([
      '"" $route_in_url_app;',
      '~\\.(?<sessctl_route>[^.]+)$ $sessctl_route;',
    ])
    expect(inside('map $request_uri $route_in_url_app')).toEqual([
      '"~*[;?&]jsessionid=[^;/?#&]*\\.(?<sessctl_route>[^.;/?#&]+)" $sessctl_route;',
    ])
  })

  test('is that of the first cookie with the route of a server', () => {
    const { inside } = renderUpstream(stock, { affinity: { method: 'jvm_route' } })
    expect(inside('map $http_cookie $route_app')).toEqual([
      'default $route_in_first_cookie_app;',
      '"~(?:^|[;,]) *(?i:JSESSIONID)=[^;, ]*\\.(?<sessctl_route>a|b) *(?:[;,]|$)" $sessctl_route;',
    ])
    const many = renderUpstream(stock, {
      affinity: { method: 'jvm_route' },
      servers: serversOf(400),
    })
    expect(many.inside('map $http_cookie $route_app')).toEqual([])
  })

  test('is the beginning of the id with reverse: false, the longest route first', () => {
    const { inside } = renderUpstream(stock, {
      affinity: { method: 'jvm_route', reverse: false },
      servers: { n1: '10.0.0.1:80', n10: '10.0.0.10:80', n2: '10.0.0.2:80' },
    })
    expect(inside('map $cookie_JSESSIONID $route_in_first_cookie_app')).toEqual([
      '"" $route_in_url_app;',
      '~^n10 n10;',
      '~^n1 n1;',
      '~^n2 n2;',
    ])
  })

  test('is read from the Cookie header if the name of the cookie is not a variable name', () => {
    const { inside } = renderUpstream(stock, {
      affinity: { method: 'jvm_route', cookie: 'my.sess-id' },
    })
    expect(inside('map $http_cookie $sessionid_app')).toEqual([
      '"~*(?:^|[;,] *)my\\.sess-id=(?<sessctl_session>[^;, ]*)" $sessctl_session;',
    ])
    expect(inside('map $sessionid_app $route_in_first_cookie_app')[0]).toBe('"" $route_in_url_app;')
  })

  test('is taken from the first variable that is not empty', () => {
    const affinity = { method: 'sticky', by: 'route', from: ['$cookie_r', '$arg_r'] }
    const { inside } = renderUpstream(stock, { affinity })
    expect(inside('map $cookie_r $route_app')).toEqual(['default $cookie_r;', '"" $arg_r;'])
    const single = renderUpstream(stock, { affinity: { ...affinity, from: ['$cookie_r'] } })
    expect(single.inside('map $cookie_r $pool_app')).toHaveLength(3)
  })
})

describe('one upstream block per server', () => {
  const servers = {
    a: { address: '10.0.0.1:80', weight: 3, maxFails: 2 },
    b: { address: '10.0.0.2:80', state: 'drain' },
    c: { address: '10.0.0.3:80', state: 'down' },
    d: { address: '10.0.0.4:80', state: 'backup' },
    e: '10.0.0.5:80',
  }
  const affinity = { method: 'jvm_route' }

  test('lists the others as backups, except those without new sessions', () => {
    const { inside, text } = renderUpstream(stock, { affinity, servers, balance: 'least_conn' })
    expect(inside('map $route_app $pool_app')).toEqual([
      'default app;',
      '~^a$ app-a;',
      '~^b$ app-b;',
      '~^e$ app-e;',
    ])
    expect(inside('upstream app')).toEqual([
      'least_conn;',
      'server 10.0.0.1:80 weight=3 max_fails=2;',
      'server 10.0.0.2:80 down;',
      'server 10.0.0.3:80 down;',
      'server 10.0.0.4:80 backup;',
      'server 10.0.0.5:80;',
    ])
    expect(inside('upstream app-a')).toEqual([
      'server 10.0.0.1:80 weight=3 max_fails=2;',
      'server 10.0.0.4:80 backup;',
      'server 10.0.0.5:80 backup;',
    ])
    expect(inside('upstream app-b')).toEqual([
      'server 10.0.0.2:80;',
      'server 10.0.0.1:80 weight=3 max_fails=2 backup;',
      'server 10.0.0.4:80 backup;',
      'server 10.0.0.5:80 backup;',
    ])
    expect(text).not.toContain('upstream app-c')
    expect(text).not.toContain('upstream app-d')
  })

  test('has no backups with strict, even if the server is down', () => {
    const strict = { ...affinity, onFailure: 'strict' }
    const { inside } = renderUpstream(stock, { affinity: strict, servers })
    expect(inside('upstream app-a')).toEqual(['server 10.0.0.1:80 weight=3 max_fails=2;'])
    expect(inside('upstream app-b')).toEqual(['server 10.0.0.2:80;'])
    expect(inside('upstream app-c')).toEqual(['server 10.0.0.3:80 down;'])
    expect(inside('upstream app-d')).toEqual(['server 10.0.0.4:80;'])
  })

  test('is used by a location with a variable and without proxy_redirect', () => {
    const { inside } = renderUpstream(stock, { affinity })
    expect(inside('location /')).toEqual(['proxy_pass http://$pool_app;', 'proxy_redirect off;'])
  })

  test('has its own zone and keepalive', () => {
    const { inside } = renderUpstream(stock, { affinity, zone: '64k', keepalive: 4 })
    expect(inside('upstream app-a')).toEqual([
      'zone app-a 64k;',
      'server 10.0.0.1:8080;',
      'server 10.0.0.2:8080 backup;',
      'keepalive 4;',
      'keepalive_timeout 60s;',
    ])
  })
})

describe('many servers', () => {
  const affinity = { method: 'jvm_route', via: 'maps' }

  test('200 are written', () => {
    const { text, codes } = renderUpstream(stock, { affinity, servers: serversOf(200) })
    expect(codes).toEqual([])
    expect(text.match(/^ {4}server 1/gm)).toHaveLength(201 * 200)
  })

  test('201 are refused, as are 10,000', () => {
    const codes = (count: number) =>
      renderUpstream(stock, { affinity, servers: serversOf(count) }).codes
    expect(codes(201)).toEqual(['nginx-maps-too-many'])
    expect(codes(10_000)).toEqual(['nginx-maps-too-many'])
  })

  test('10,000 are written with strict, one line per server', () => {
    const strict = { ...affinity, onFailure: 'strict' }
    const { text } = renderUpstream(stock, { affinity: strict, servers: serversOf(10_000) })
    expect(text.match(/^ {4}server 1/gm)).toHaveLength(20_000)
  })

  test('10,000 are written in one block for the module', () => {
    const module = { version: '1.26.3', modules: ['jvm_route'] }
    const { inside } = renderUpstream(module, {
      affinity: { method: 'jvm_route' },
      servers: serversOf(10_000),
    })
    expect(inside('upstream app')).toHaveLength(10_001)
  })
})
