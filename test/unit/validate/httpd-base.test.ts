import { describe, expect, test } from 'vitest'
import type { CheckInput, PlannedCheck } from '../../../src/core/validate/check.ts'
import { planHttpdBase } from '../../../src/core/validate/httpd-base.ts'
import { clusterOf } from './cluster-of.ts'

type Files = Readonly<Record<string, string>>

const main = `ServerRoot "/srv/httpd"
LoadModule proxy_module modules/mod_proxy.so
User apache
Listen lb.example.com:80
Include sites/*.conf
IncludeOptional mods/*.load
Include nowhere.conf
<IfDefine Never>
  Include /etc/shadow
</IfDefine>
`

const site = `<Proxy balancer://shop>
  BalancerMember http://app1.example.com:8080 route=a
</Proxy>
<VirtualHost www.example.com:443>
  SSLCertificateFile /etc/ssl/nowhere.pem
  SSLCARevocationFile \\
    /etc/ssl/nowhere.crl
  ProxyPass / balancer://shop/
</VirtualHost>
`

const plan = (files: Files, version = '2.4.62'): PlannedCheck | string => {
  const base = 'conf/httpd.conf'
  const cluster = clusterOf(
    `version: 1\nname: shop\ntargets: { httpd: { version: "2.4", base: ${base} } }\nupstreams: { shop: { servers: { a: 10.0.0.1:80 } } }\n`.replaceAll(
      '\\\n',
      '\n',
    ),
  )
  const [target] = cluster.targets
  if (target?.dialect !== 'httpd') throw new Error('the spec has no httpd')
  const given = new Map(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const),
  )
  const text = files['/srv/httpd/sites/shop.conf'] ?? ''
  const edited = text.replace('route=a', 'route=b')
  const input: CheckInput = {
    cluster,
    inputs: new Map([[base, { form: 'config', main: 'httpd.conf', files: given }]]),
    artifacts: [
      {
        dialect: 'httpd',
        path: 'httpd/shop.conf',
        source: '/srv/httpd/sites/shop.conf',
        text: edited,
        bytes: Buffer.from(edited),
      },
    ],
    folder: '/stage',
    isRoot: false,
  }
  const tool = { product: 'httpd', version, program: 'httpd', answer: '' }
  return planHttpdBase(input, { ...target, base }, tool, '/modules')
}

const planned = (files: Files): PlannedCheck => {
  const found = plan(files)
  if (typeof found === 'string') throw new Error(found)
  return found
}

const answer = (output: string, exitCode = 1) => ({
  ...{ exitCode, output },
  ...{ isReached: false, isTimedOut: false },
})

const both = { 'httpd.conf': main, '/srv/httpd/sites/shop.conf': site }
const place = '/stage/base/root/srv/httpd/sites/shop.conf'

describe('httpd, about edited files,', () => {
  test('gets a copy that names no file, user or host of its host, with the same lines', () => {
    const { check, notes } = planned(both)
    const contentOf = (path: string): readonly string[] =>
      String(Buffer.from(check.files.find((file) => file.path === path)?.content ?? '')).split('\n')
    expect(contentOf('base/httpd.conf')).toEqual([
      ...['', '', '', 'Listen 127.0.0.1:80'],
      'Include "/stage/base/root/srv/httpd/sites/*.conf"',
      'IncludeOptional "/stage/base/root/srv/httpd/mods/*.load"',
      ...['', '<IfDefine Never>', '  ', '</IfDefine>', ''],
    ])
    expect(contentOf('base/root/srv/httpd/sites/shop.conf')).toEqual([
      '<Proxy balancer://shop>',
      '  BalancerMember http://app1.example.com:8080 route=b',
      ...['</Proxy>', '<VirtualHost 127.0.0.1:443>'],
      '  SSLCertificateFile "/stage/pair.pem"',
      ...['  ', '', '  ProxyPass / balancer://shop/', '</VirtualHost>', ''],
    ])
    expect(notes.map(({ text }) => text)).toEqual([
      'Include nowhere.conf was left out: the file was not read',
    ])
    expect(check.args).toEqual(['-t', '-f', '/stage/httpd.conf'])
    const whole = contentOf('httpd.conf').join('\n')
    expect(whole).toContain('LoadModule proxy_module "/modules/mod_proxy.so"')
    expect(whole).not.toContain('"modules/mod_proxy.so"\n</IfFile>\nListen')
  })

  test.each([
    ['LoadFile /tmp/a.so', '"loadfile" in httpd.conf would run code during the check'],
    ['<Perl>\n</Perl>', '"perl" in httpd.conf would run code during the check'],
    ['{% if a %}', 'httpd.conf is a template, which httpd cannot read'],
  ])('is not asked about files that run code, or are templates: %s', (line, why) => {
    expect(plan({ ...both, 'httpd.conf': `${main}${line}\n` })).toBe(why)
  })

  test('refuses a line of the edited file', () => {
    const { read } = planned(both)
    const wrong = `AH00526: Syntax error on line 2 of ${place}:\nBalancerMember bad\n`
    expect(read(answer(wrong))).toEqual({
      kind: 'refused',
      others: 'not-checked',
      findings: [
        { severity: 'error', path: 'httpd/shop.conf', line: 2, message: 'BalancerMember bad' },
      ],
    })
  })

  test('says nothing about what only the real host has', () => {
    const { read } = planned(both)
    const missing = `AH00526: Syntax error on line 5 of ${place}:\nx: file '/a' does not exist or is empty\n`
    expect(read(answer(missing))).toMatchObject({ kind: 'not-checked' })
    const variable = '[core:warn] [pid 7] AH00111: Config variable $' + '{PORT} is not defined\n'
    expect(read(answer(`${variable}AH00526: Syntax error on line 1 of ${place}:\nbad\n`))).toEqual({
      kind: 'not-checked',
      reason: 'it uses environment variables of its host',
    })
    expect(read(answer(`${variable}Syntax OK\n`, 0))).toEqual({ kind: 'accepted', findings: [] })
  })

  test.each([
    ['no LoadModule', '', 'the files do not say which modules the server loads'],
    ['another module', 'LoadModule jk_module x.so\n', 'the check does not load jk'],
  ])('cannot know a directive where the files have %s', (_, line, why) => {
    const { read } = planned({ ...both, 'httpd.conf': `${line}Include /srv/httpd/sites/*.conf\n` })
    const unknown = `AH00526: Syntax error on line 1 of ${place}:\nInvalid command 'JkMount'\n`
    expect(read(answer(unknown))).toEqual({
      kind: 'not-checked',
      reason: `${why}: Invalid command 'JkMount'`,
    })
  })
})
