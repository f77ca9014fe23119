import { describe, expect, test } from 'vitest'
import { editFiles, type Wanted } from '../../support/edit-base.ts'

interface Edited {
  /** Null: nothing is written. */
  readonly text: string | null
  /** `code LINE: message`. */
  readonly said: readonly string[]
}

type Files = Readonly<Record<string, string>>

/** @param others files of conf.d, by their names. */
const editAll = (text: string, others: Files, wanted: Wanted = {}, encoding?: BufferEncoding) => {
  const below = Object.entries(others).map(([name, other]) => [`conf.d/${name}`, other] as const)
  const all = { 'haproxy.cfg': text, ...Object.fromEntries(below) }
  const { files, said } = editFiles('haproxy', all, wanted, encoding)
  const isMain = / (?:conf\/haproxy\.cfg|sessctl\.yaml):/
  return { files, said: said.map((line) => line.replace(isMain, ' ')) }
}

/** The edited haproxy.cfg. */
const edit = (text: string, wanted?: Wanted, encoding?: BufferEncoding): Edited => {
  const { files, said } = editAll(text, {}, wanted, encoding)
  expect(Object.keys(files).filter((path) => path !== 'haproxy.cfg')).toEqual([])
  return { text: files['haproxy.cfg'] ?? null, said }
}

/** A file as people write it. */
const file = `# Load balancer of the shop
global
    maxconn 4096            # tuned

defaults
    mode    http
    timeout connect 5s
    timeout client  30s
    timeout server  30s
    option  redispatch

frontend www
    bind :80
    acl is_api path_beg /api
    use_backend api if is_api
    default_backend shop

backend shop
    balance leastconn   # the application is slow
    option  httpchk GET /health
    cookie  SRV insert indirect nocache
    # first rack
    server  a   10.0.0.1:8080   check inter 5000 weight 1 cookie a slowstart 30s # old
    # second rack
    server  b   10.0.0.2:8080   check inter 5000 cookie b send-proxy

backend api
    server x 10.0.1.1:80
`

const cookie = {
  method: 'sticky',
  by: 'cookie',
  cookie: 'SRV',
  httpOnly: false,
  secure: false,
}
const asWritten: Wanted = { affinity: cookie, upstream: { balance: 'least_conn' } }

const linesOf = (text: string | null): readonly string[] => (text ?? '').split('\n')

describe('an existing backend', () => {
  test.each([
    ['as it is', file],
    ['with line ends of Windows', file.replaceAll('\n', '\r\n')],
    ['with tabs', file.replaceAll('    ', '\t')],
    ['as a listen section', file.replace('\nbackend shop\n', '\nlisten shop\n    bind :8081\n')],
    [
      'with its method in defaults',
      file
        .replace('    mode    http\n', '    mode http\n    balance leastconn\n')
        .replace(/ {4}balance leastconn {3}.*\n/, ''),
    ],
  ])('that is the one of the spec keeps every byte: %s', (_, text) => {
    const edited = edit(text, asWritten)
    expect(edited.said).toEqual([])
    expect(edited.text).toBe(text)
  })

  test('that is not UTF-8 keeps every byte', () => {
    const text = file.replace('rack', 'r\xe4ck')
    expect(edit(text, asWritten, 'latin1').text).toBe(text)
  })

  test('gets one line for one more server, in the layout of the others, with what all of them have', () => {
    const servers = {
      a: '10.0.0.1:8080',
      b: '10.0.0.2:8080',
      c: { address: '10.0.0.3:8080', weight: 2 },
    }
    const { said, text } = edit(file, { ...asWritten, servers })
    const added = '    server  c   10.0.0.3:8080 check inter 5000 cookie c weight 2'
    expect(linesOf(text).filter((line) => line !== added)).toEqual(linesOf(file))
    expect(linesOf(text)[linesOf(text).indexOf(added) - 1]).toContain('server  b ')
    expect(said).toEqual([])
  })

  test('loses the line of a server that is not in the spec, with its comment', () => {
    const { said, text } = edit(file, { ...asWritten, servers: { b: '10.0.0.2:8080' } })
    expect(linesOf(text)).toEqual(linesOf(file).filter((line) => !line.includes('10.0.0.1')))
    expect(said).toEqual([
      'haproxy-base-server 23: server "a 10.0.0.1:8080 check inter 5000 weight 1 cookie a slowstart 30s" is removed, because it is not in the spec',
    ])
  })

  test('changes only the words that differ', () => {
    const servers = {
      a: { address: '10.0.0.9:8080', weight: 5 },
      b: { address: '10.0.0.2:8080', state: 'down', maxConns: 20 },
    }
    const { said, text } = edit(file, { ...asWritten, servers })
    const expected = file
      .replace(
        '10.0.0.1:8080   check inter 5000 weight 1',
        '10.0.0.9:8080   check inter 5000 weight 5',
      )
      .replace('cookie b send-proxy', 'cookie b send-proxy maxconn 20 disabled')
    expect(text).toBe(expected)
    expect(said.map((each) => each.replace(/^\S+ \d+: /, ''))).toEqual([
      'the address "10.0.0.1:8080" of this server changes to "10.0.0.9:8080"',
      '"weight 1" changes to "weight 5" in server "a"',
      '"maxconn 20" is added in server "b"',
      '"disabled" is added in server "b"',
    ])
  })

  test('keeps the name of a server that is found by its address', () => {
    const servers = {
      tomcat1: { address: '10.0.0.1:8080', route: 'a' },
      tomcat2: { address: '10.0.0.2:8080', route: 'b' },
    }
    expect(edit(file, { ...asWritten, servers }).text).toBe(file)
  })

  test('gets the check of the spec, if it has another one', () => {
    const check = { uri: '/health', interval: '5s' }
    const upstream = { balance: 'least_conn', check }
    expect(edit(file, { affinity: cookie, upstream }).text).toBe(file)
    const other = edit(file, {
      affinity: cookie,
      upstream: { ...upstream, check: { uri: '/up', interval: '10s' } },
    })
    const lines = linesOf(other.text)
    expect(lines).toContain('    option httpchk')
    expect(lines).toContain('    http-check send meth GET uri /up ver HTTP/1.1 hdr Host localhost')
    expect(lines.filter((line) => line.includes('check inter 10s'))).toHaveLength(2)
  })

  test('gets the method of the spec, and loses its own affinity', () => {
    const { said, text } = edit(file, { affinity: { method: 'ip_hash' } })
    const expected = file
      .replace('    balance leastconn   # the', '    balance source   # the')
      .replace('    cookie  SRV insert indirect nocache\n', '    hash-type consistent\n')
      .replace(' cookie a ', ' ')
      .replace(' cookie b ', ' ')
    expect(text).toBe(expected)
    expect(said.map((each) => each.replace(/^(\S+) \d+: /, '$1 '))).toEqual([
      'haproxy-base-method "hash-type consistent" is added to this section',
      'haproxy-base-method "balance leastconn" changes to that of the spec: balance source',
      'haproxy-base-method "cookie SRV insert indirect nocache" is removed, because it is not in the spec',
      'haproxy-base-server "cookie a" is removed in server "a"',
      'haproxy-base-server "cookie b" is removed in server "b"',
    ])
  })

  test('keeps what the spec cannot say of a cookie, a table or a server', () => {
    const text = file.replace(
      'cookie  SRV insert indirect nocache',
      'cookie  SRV insert indirect nocache postonly maxlife 8h attr Priority=High',
    )
    expect(edit(text, asWritten).text).toBe(text)
    const secure = edit(text, { ...asWritten, affinity: { ...cookie, secure: true } })
    expect(secure.text).toBe(text.replace('Priority=High', 'Priority=High secure'))
    const learned = file
      .replace(
        '    cookie  SRV insert indirect nocache\n',
        '    stick-table type string len 64 size 4k expire 30m store gpc0\n    stick on cookie(SID)\n    stick store-response set-cookie(SID)\n',
      )
      .replace(' cookie a ', ' ')
      .replace(' cookie b ', ' ')
    const learn = {
      method: 'sticky',
      by: 'learn',
      create: '$upstream_cookie_SID',
      lookup: '$cookie_SID',
      zone: '1m',
      timeout: '30m',
    }
    expect(edit(learned, { ...asWritten, affinity: learn }).text).toBe(learned)
  })

  test('gets the rules of jvm_route, and the line with the routes changes with the servers', () => {
    const affinity = { method: 'jvm_route' }
    const first = edit(file, { ...asWritten, affinity })
    const again = edit(first.text ?? '', { ...asWritten, affinity })
    expect(again).toEqual({ text: first.text, said: [] })
    const servers = { a: '10.0.0.1:8080', b: '10.0.0.2:8080', c: '10.0.0.3:8080' }
    const more = edit(first.text ?? '', { ...asWritten, affinity, servers })
    const [before, after] = [linesOf(first.text), linesOf(more.text)]
    expect(after.filter((line) => !before.includes(line))).toHaveLength(2)
    expect(before.filter((line) => !after.includes(line))).toHaveLength(1)
    const back = edit(first.text ?? '', asWritten)
    expect(linesOf(back.text).filter((line) => line.includes('txn.'))).toEqual([])
    expect(linesOf(back.text).filter((line) => line.includes('use-server'))).toEqual([])
  })

  test('is not moved to another hash, and its cookie is not changed in requests', () => {
    const source = file
      .replace('balance leastconn', 'balance source')
      .replace(/ cookie [ab]/g, '')
      .replace(/ {4}cookie .*\n/, '')
    expect(edit(source, { affinity: { method: 'ip_hash' } })).toEqual({ text: source, said: [] })
    const plain = file.replace('insert indirect nocache', 'insert')
    expect(edit(plain, asWritten)).toEqual({ text: plain, said: [] })
  })

  test('gets its rules where HAProxy reads them: http-request before use-server', () => {
    const rule = '    http-request set-header X-Port %[dst_port]\n'
    const text = file.replace('send-proxy\n', `send-proxy\n${rule}`)
    const named = text.replace('    # first', '    use-server a if is_a\n    # first')
    for (const base of [text, named]) {
      const edited = edit(base, { ...asWritten, affinity: { method: 'jvm_route' } })
      const names = linesOf(edited.text).map((line) => line.trim().split(' ')[0])
      const last = names.indexOf('use-server', names.lastIndexOf('http-request'))
      expect(names.lastIndexOf('use-server')).toBe(last)
    }
    const { text: both } = edit(named, { ...asWritten, affinity: { method: 'jvm_route' } })
    const lines = linesOf(both)
    const own = lines.findIndex((line) => line.includes('use-server a'))
    expect(lines.findIndex((line) => line.includes('set-var(txn.route)'))).toBeLessThan(own)
  })

  test('gets the address of a strict affinity, and loses it', () => {
    const strict = edit(file, { ...asWritten, affinity: { ...cookie, onFailure: 'strict' } })
    const lines = linesOf(strict.text)
    expect(lines.filter((line) => !linesOf(file).includes(line))).toEqual([
      '    option persist',
      '    no option redispatch',
    ])
    expect(linesOf(edit(strict.text ?? '', asWritten).text)).toEqual(
      lines
        .filter((line) => !line.includes('option persist'))
        .map((line) => line.replace('no option redispatch', 'option redispatch 1')),
    )
  })
})

describe('a backend that the file does not have', () => {
  const missing = file.replace('\nbackend shop', '\nbackend other')

  test('is written after the other backends, and then kept', () => {
    const first = edit(missing, asWritten)
    expect(first.text?.startsWith(missing)).toBe(true)
    expect(first.text?.slice(missing.length)).toMatch(/^\nbackend shop\n {4}balance leastconn\n/)
    expect(first.said.map((each) => each.replace(/^(\S+) \d+: /, '$1 '))).toEqual([
      'haproxy-base-added "backend shop" is added here',
    ])
    expect(edit(first.text ?? '', asWritten)).toEqual({ text: first.text, said: [] })
  })

  test('has the mode of HTTP, whatever the defaults before it say', () => {
    const tcp = missing.replace('mode    http', 'mode tcp')
    expect(edit(tcp, asWritten).text).toContain('backend shop\n    mode http\n')
    expect(edit(missing, asWritten).text).not.toContain('mode http\n    balance')
  })

  test('gets the sections that it names', () => {
    const learn = {
      method: 'sticky',
      by: 'learn',
      create: '$upstream_cookie_SID',
      lookup: '$cookie_SID',
    }
    const target = { peers: { lb1: '127.0.0.1:10000' } }
    const { said, text } = edit(missing, { affinity: learn, target })
    expect(text).toContain('\npeers sessctl\n    peer lb1 127.0.0.1:10000\n\nbackend shop\n')
    const codes = ['haproxy-base-added', 'haproxy-base-added']
    expect(said.map((each) => each.split(' ', 1)[0]).sort()).toEqual([
      ...codes,
      'haproxy-local-peer',
    ])
    const named = missing.replace('maxconn 4096', 'localpeer lb1')
    const known = edit(named, { affinity: learn, target }).said
    expect(known.map((each) => each.split(' ', 1)[0])).toEqual(codes)
  })

  test.each([
    ['an empty file', ''],
    ['line ends of Windows', 'global\r\n  maxconn 10\r\n'],
  ])('is written into %s', (_, text) => {
    const { text: edited } = edit(text)
    expect(edited).toContain('backend shop')
    expect(edited?.includes('\r')).toBe(text.includes('\r'))
    expect(edited?.replaceAll('\r\n', '').includes('\r')).toBe(false)
  })
})

describe('a configuration with a folder conf.d', () => {
  const [main = '', shop = ''] = file.split(/\n(?=backend shop)/)
  const [own = '', api = ''] = shop.split(/\n(?=backend api)/)
  const others = { 'a-shop.cfg': `# the shop\n${own}`, 'b-api.cfg': api }

  test('the file that holds the section is the one that is written', () => {
    const same = editAll(`${main}\n`, others, asWritten)
    expect(same).toEqual({ files: { 'a-shop.cfg': others['a-shop.cfg'] }, said: [] })
    const servers = { a: '10.0.0.1:8080', b: '10.0.0.2:8080', c: '10.0.0.3:8080' }
    const more = editAll(`${main}\n`, others, { ...asWritten, servers })
    const lines = linesOf(more.files['a-shop.cfg'] ?? null)
    expect(lines.filter((line) => !linesOf(others['a-shop.cfg']).includes(line))).toHaveLength(1)
    expect(Object.keys(more.files)).toHaveLength(1)
  })

  test('a section that no file has is written after the last backend of all files', () => {
    const { files, said } = editAll(`${main}\n`, { 'b-api.cfg': api }, asWritten)
    expect(Object.keys(files)).toEqual(['b-api.cfg'])
    expect(files['b-api.cfg']).toBe(`${api}\n${shopWritten(files)}`)
    expect(said).toEqual([
      'haproxy-base-added conf/conf.d/b-api.cfg:2: "backend shop" is added here',
    ])
  })

  test('mode, frontends and sections with one name are looked for in all files', () => {
    const tcp = main.replace('mode    http', 'mode    tcp')
    expect(editAll(`${tcp}\n`, others, asWritten).said[0]).toMatch(/^haproxy-base-mode 6: /)
    const twice = { ...others, 'c.cfg': others['a-shop.cfg'] }
    expect(editAll(`${main}\n`, twice, asWritten).said).toEqual([
      'haproxy-base-twice conf/conf.d/c.cfg:2: backend "shop" is defined a second time here',
    ])
    const broken = { ...others, 'c.cfg': 'backend z\n    server "a\n' }
    expect(editAll(`${main}\n`, broken, asWritten).said[0]).toMatch(
      /^haproxy-base-invalid conf\/conf\.d\/c\.cfg:2: /,
    )
  })

  test('a file of conf.d alone is a part, of which the rest is not known', () => {
    expect(edit(others['a-shop.cfg'], asWritten)).toEqual({ text: others['a-shop.cfg'], said: [] })
  })
})

/** The section that was added to b-api.cfg. */
const shopWritten = (files: Files): string => {
  const text = files['b-api.cfg'] ?? ''
  return text.slice(text.indexOf('backend shop'))
}

describe('what the rest of the file must have', () => {
  const check = (text: string, wanted: Wanted = asWritten): readonly string[] =>
    edit(text, wanted).said

  test('a frontend that uses the backend', () => {
    const text = file.replace('default_backend shop', 'default_backend api')
    expect(check(text)).toEqual([
      'haproxy-base-not-passed 18: no frontend has "use_backend shop" or "default_backend shop": the backend is not used',
    ])
    expect(check(text.replace('use_backend api', 'use_backend shop'))).toEqual([])
    expect(check(text.replace('use_backend api', 'use_backend %[req.hdr(host)]'))).toEqual([])
    expect(check(text.replace('use_backend api', 'use_backend "$' + '{APP}"'))).toEqual([])
  })

  test('mode http', () => {
    const text = file.replace('mode    http', 'mode    tcp')
    expect(check(text)[0]).toBe(
      'haproxy-base-mode 6: backend "shop" is in mode tcp: HAProxy does not read the requests, and the affinity has no effect',
    )
    expect(check(file.replace('    mode    http\n', ''))[0]).toMatch(/^haproxy-base-mode 17: /)
    expect(check(text.replace('    cookie  SRV', '    mode http\n    cookie  SRV'))).toEqual([])
  })

  test('one method', () => {
    const text = file.replace('    # first', '    balance leastconn\n    # first')
    expect(check(text)).toEqual([
      'haproxy-base-second-method 19: "balance leastconn" has no effect: a later "balance" of backend "shop" replaces it',
    ])
    expect(check(file.replace('    # first', '    use-server a if is_a\n    # first'))).toEqual([
      'haproxy-base-second-method 22: "use-server a if is_a" chooses a server of backend "shop" before the affinity sticky does',
    ])
  })

  test('the address of the client behind a proxy', () => {
    const source = file.replace('    balance leastconn', '    balance source')
    const behind = source.replace('path_beg /api', 'req.hdr(X-Forwarded-Proto) https')
    const affinity = { method: 'ip_hash' }
    const isSaid = (text: string) =>
      check(text, { affinity }).some((each) => each.startsWith('haproxy-base-real-ip 12: '))
    expect(isSaid(source)).toBe(false)
    expect(isSaid(behind)).toBe(true)
    expect(isSaid(behind.replace('bind :80', 'bind :80 accept-proxy'))).toBe(false)
  })
})

describe('files that cannot be edited', () => {
  test.each([
    ['a quote that is open', `${file}\nbackend z\n    server "a\n`, 'haproxy-base-invalid 31'],
    ['no last line end', file.trimEnd(), 'haproxy-base-invalid 28'],
    ['two backends', `${file}\nlisten shop\n    bind :81\n`, 'haproxy-base-twice 30'],
    [
      'a template in the backend',
      file.replace('    # first rack', '{% for s in servers %}'),
      'haproxy-base-template 22',
    ],
    [
      'a placeholder of Python in the place of servers',
      file.replace('    # first rack', '%(servers)s'),
      'haproxy-base-template 22',
    ],
    [
      'a condition in the backend',
      file.replace('    # first rack', '.if defined(A)').replace('    # second rack', '.endif'),
      'haproxy-base-conditional 23',
    ],
  ])('%s', (_, text, expected) => {
    const { said, text: written } = edit(text, asWritten)
    expect(written).toBeNull()
    expect(said.filter((each) => each.startsWith(`${expected}: `))).toHaveLength(1)
  })

  test('a template and a condition elsewhere are kept', () => {
    const text = file
      .replace('    maxconn 4096', '.if defined(A)\n    maxconn 4096')
      .replace('\ndefaults', '.endif\n\ndefaults')
      .replace('server x 10.0.1.1:80', 'server x {{ api_address }}:80')
    expect(edit(text, asWritten)).toEqual({ text, said: [] })
  })

  test('an environment variable is kept', () => {
    const text = file.replace('10.0.0.1:8080', '"$' + '{A}:8080"')
    expect(edit(text, asWritten)).toEqual({
      text,
      said: [
        'haproxy-base-variable 23: "$' +
          '{A}:8080" of server "a" is kept: its value is that of an environment variable',
      ],
    })
  })
})
