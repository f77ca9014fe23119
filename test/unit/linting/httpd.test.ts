import { expect, test } from 'vitest'
import { editText } from '../../../src/core/config/text.ts'
import { lintFiles } from '../../../src/core/linting/files/lint.ts'
import { asFindings, fixesOf } from '../../../src/core/linting/finding.ts'

type Files = Readonly<Record<string, string>>

const lint = (files: Files, included: Files = {}) => {
  const given = (all: Files, isIncluded: boolean) =>
    Object.entries(all).map(([path, text]) => ({
      ...{ path: `/site/${path}`, file: path, kind: 'httpd' as const, isIncluded },
      bytes: Buffer.from(text),
    }))
  return asFindings(
    lintFiles([...given(files, false), ...given(included, true)], { nginxVersion: null }),
  )
}

const shown = (files: Files, included: Files = {}): readonly string[] =>
  lint(files, included).map(
    ({ code, location: { column, file, line } }) => `${file}:${line}:${column} ${code}`,
  )

const members = `BalancerMember http://a:8080 route=a
  BalancerMember http://b:8080 route=b`

const site = (affinity: string): string =>
  `<Proxy balancer://shop>\n  ${members}\n  ProxySet ${affinity}\n</Proxy>\nProxyPass / balancer://shop/\n`

const fixed = (text: string): string =>
  editText(
    text,
    fixesOf(lint({ 'a.conf': text })).flatMap((edit) => ('start' in edit ? [edit] : [])),
  )

test.each([
  ['stickysession=JSESSIONID|sessionid', 'stickysession=JSESSIONID|jsessionid'],
  ['stickysession=JSESSIONID|JSESSIONID', 'stickysession=JSESSIONID|jsessionid'],
  ['stickysession=JSESSIONID', 'stickysession=JSESSIONID|jsessionid'],
  [
    '"stickysession=JSESSIONID|sid" nofailover=On',
    '"stickysession=JSESSIONID|jsessionid" nofailover=On',
  ],
  [
    'lbmethod=byrequests \\\n    StickySession=jsessionid',
    'lbmethod=byrequests \\\n    StickySession=jsessionid|jsessionid',
  ],
])('%s reads a name that Tomcat does not write', (wrong, right) => {
  expect(lint({ 'a.conf': site(wrong) }).map(({ code }) => code)).toEqual(['url-name-mismatch'])
  expect(fixed(site(wrong))).toBe(site(right))
  expect(shown({ 'a.conf': site(right) })).toEqual([])
})

test.each(['stickysession=ROUTEID', 'stickysession=PHPSESSID', 'stickysession=SID|sid'])(
  '%s is no session of Tomcat',
  (affinity) => {
    expect(shown({ 'a.conf': site(affinity) })).toEqual([])
  },
)

test.each([
  [
    'in a balancer of the main server, with the affinity in the ProxyPass of a virtual host',
    '<Proxy balancer://shop>\nBalancerMember http://a:8080 route=a\nBalancerMember http://b:8080\n</Proxy>\n<VirtualHost *>\nProxyPass / balancer://shop/ stickysession=SID\n</VirtualHost>\n<VirtualHost *:1>\nProxyPass / balancer://shop/ stickysession=SID\n</VirtualHost>\n',
    ['a.conf:3:1 route-missing'],
  ],
  [
    'outside of <Proxy>',
    'BalancerMember balancer://shop http://a:8080\nBalancerMember balancer://shop http://b:8080 route=b\nProxySet balancer://shop stickysession=SID\n',
    ['a.conf:1:1 route-missing'],
  ],
  [
    'with a variable that the file defines',
    'Define a http://a:8080\n<Proxy balancer://shop>\nBalancerMember $' +
      '{a}\nBalancerMember http://b:8080 route=b\nProxySet stickysession=SID\n</Proxy>\n',
    ['a.conf:3:1 route-missing'],
  ],
  [
    'of a template, or of the environment, are not known',
    '<Proxy balancer://shop>\nBalancerMember http://{{ a }}:8080\nBalancerMember http://$' +
      '{B}:8080\nBalancerMember http://c:8080 route=c\nProxySet stickysession=SID\n</Proxy>\n',
    [],
  ],
])('servers without a route %s', (_, text, expected) => {
  expect(shown({ 'a.conf': text })).toEqual(expected)
})

test('includes are followed, and findings are at their lines; each file is checked once', () => {
  const main = 'ServerName shop\nInclude sites/*.conf\n'
  const included = { 'sites/shop.conf': site('stickysession=JSESSIONID|sid') }
  const expected = ['sites/shop.conf:4:12 url-name-mismatch']
  expect(shown({ 'httpd.conf': main }, included)).toEqual(expected)
  expect(shown({ 'httpd.conf': main, ...included })).toEqual(expected)
  expect(shown({ 'httpd.conf': main, 'other.conf': main }, included)).toEqual(expected)
})

test('a comment above a continued directive hides a finding on any of its lines', () => {
  const comment = '# sessctl: ignore url-name-mismatch links have no ids\n  '
  const text = site(`\\\n  stickysession=JSESSIONID|sid \\\n  nofailover=On`)
  expect(shown({ 'a.conf': text.replace('ProxySet', `${comment}ProxySet`) })).toEqual([])
  expect(shown({ 'a.conf': text.replace('ProxyPass', `${comment}ProxyPass`) })).toEqual([
    'a.conf:8:1 spec-ignore',
    'a.conf:5:3 url-name-mismatch',
  ])
})
