import { describe, expect, test } from 'vitest'
import type { CheckInput, PlannedCheck } from '../../../src/core/validate/check.ts'
import { planHaproxyBase } from '../../../src/core/validate/haproxy-base.ts'
import { configOf } from '../../support/compile.ts'
import { clusterOf } from './cluster-of.ts'

const file = `global
    user haproxy
    stats socket /run/haproxy/admin.sock group haproxy
    ca-base /etc/ssl
defaults
    mode http
    errorfile 503 /etc/haproxy/503.http
frontend www
    bind lb.example.com:443 ssl crt /etc/ssl/nowhere.pem alpn h2 ca-file ca.pem
    default_backend shop
backend shop
    server a app1.example.com:8080 check
    server b 10.0.0.2:8080
`

const more = 'backend more\n    server m app2.example.com:80\n'

const plan = (text: string): PlannedCheck | string => {
  const cluster = clusterOf(
    'version: 1\nname: shop\ntargets: { haproxy: { version: "3.0", base: h.cfg } }\nupstreams: { shop: { servers: { a: 10.0.0.1:80 } } }\n',
  )
  const [target] = cluster.targets
  if (target?.dialect !== 'haproxy') throw new Error('the spec has no HAProxy')
  const path = 'haproxy/h.cfg'
  const bytes = Buffer.from(text)
  const config = configOf('h.cfg', bytes, { 'conf.d/more.cfg': Buffer.from(more) })
  const input: CheckInput = {
    cluster,
    inputs: new Map([['h.cfg', config]]),
    artifacts: [{ dialect: 'haproxy', path, source: 'h.cfg', text, bytes }],
    folder: '/stage',
    isRoot: false,
  }
  const tool = { product: 'HAProxy', version: '3.0.5', program: 'haproxy', answer: '' }
  return planHaproxyBase(input, { ...target, base: 'h.cfg' }, tool)
}

const planned = (text: string): PlannedCheck => {
  const found = plan(text)
  if (typeof found === 'string') throw new Error(found)
  return found
}

const answer = (output: string, exitCode = 1) => ({
  ...{ exitCode, output },
  ...{ isReached: false, isTimedOut: false },
})

describe('HAProxy, about an edited file,', () => {
  test('gets a copy that names no file, user or host of its host, with the same lines', () => {
    const { check } = planned(file)
    const text = String(Buffer.from(check?.files[0]?.content ?? ''))
    expect(text.split('\n')).toEqual([
      ...['global', '    ', '    ', '    ', 'defaults', '    mode http', '    '],
      'frontend www',
      '    bind 127.0.0.1:443 ssl crt /stage/pair.pem alpn h2 ca-file /stage/pair.pem',
      ...['    default_backend shop', 'backend shop'],
      '    server a 127.0.0.1:8080 check',
      ...['    server b 10.0.0.2:8080', ''],
    ])
    const [, other] = check?.files ?? []
    expect(String(Buffer.from(other?.content ?? ''))).toBe(
      'backend more\n    server m 127.0.0.1:80\n',
    )
    expect(check?.args).toEqual([
      ...['-c', '-f', '/stage/haproxy/h.cfg', '-f', '/stage/haproxy/conf.d/more.cfg'],
    ])
  })

  test.each([
    ['lua-load /a.lua', '"lua-load" would run code during the check'],
    ['acl bad src -f /etc/shadow', 'line 14 of h.cfg reads a file of its host'],
    [
      'http-request set-header X %[src,map(/etc/shadow)]',
      'line 14 of h.cfg reads a file of its host',
    ],
  ])('is not asked about a file that runs code or reads files of the host: %s', (line, why) => {
    expect(plan(`${file}    ${line}\n`)).toBe(why)
  })

  test('refuses a line, or needs what only its host has', () => {
    const { read } = planned(file)
    const refused = read(
      answer("[ALERT] (7) : config : parsing [/stage/haproxy/h.cfg:6] : unknown keyword 'a'\n"),
    )
    expect(refused).toMatchObject({
      kind: 'refused',
      findings: [{ path: 'haproxy/h.cfg', line: 6, message: "unknown keyword 'a'" }],
    })
    // A file that is not edited is no artifact: its line is told in the message.
    const other = read(
      answer(
        "[ALERT] (7) : config : parsing [/stage/haproxy/conf.d/more.cfg:2] : unknown keyword 'b'\n",
      ),
    )
    expect(other).toMatchObject({
      kind: 'refused',
      findings: [{ line: null, message: "conf.d/more.cfg:2: unknown keyword 'b'" }],
    })
    const missing = '[ALERT] (7) : config : parsing [/stage/haproxy/h.cfg:6] : unable to load /x\n'
    expect(read(answer(missing))).toMatchObject({ kind: 'not-checked' })
    const variables = planned(file.replace('10.0.0.2', '"$' + '{B}"'))
    expect(variables.read(answer('[ALERT] (7) : config : no address\n'))).toMatchObject({
      kind: 'not-checked',
      reason: 'it uses environment variables of its host',
    })
  })
})
