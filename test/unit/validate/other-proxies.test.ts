import { describe, expect, test } from 'vitest'
import type { OutputContext } from '../../../src/core/validate/check.ts'
import { readHaproxy } from '../../../src/core/validate/haproxy.ts'
import { readHttpd } from '../../../src/core/validate/httpd.ts'
import { lackMarker, loadModules } from '../../../src/core/validate/httpd-modules.ts'
import { placeFinder } from '../../../src/core/validate/originals.ts'

const artifacts = [{ path: 'x.cfg', text: '1\n2\n3\n' }]
const reading: OutputContext = {
  placeOf: placeFinder('/stage', artifacts, artifacts),
  original: (text) => text.replaceAll('/stage/', ''),
  fallback: 'x.cfg',
  lacks: null,
}
const answer = (exitCode: number | null, ...lines: string[]) => ({
  exitCode,
  isReached: false,
  isTimedOut: false,
  output: lines.join('\n'),
})

describe('readHaproxy', () => {
  test.each([
    '[ALERT] 324/063813 (5872) : parsing [/stage/x.cfg:2] : no such ACL',
    '[ALERT]    (5876) : config : parsing [/stage/x.cfg:2] : no such ACL',
    '[ALERT]    (5876) : config : parsing [/stage/x.cfg:2]: no such ACL',
  ])('%s', (line) => {
    const output = answer(
      1,
      '[NOTICE]   (5876) : haproxy version is 2.6.12',
      line,
      '[ALERT]    (5876) : config : Error(s) found in configuration file : /stage/x.cfg',
      '[ALERT]    (5876) : config : Fatal errors found in configuration.',
    )
    expect(readHaproxy(output, reading)).toEqual({
      kind: 'refused',
      others: 'not-checked',
      findings: [{ severity: 'error', path: 'x.cfg', line: 2, message: 'no such ACL' }],
    })
  })

  test('a warning with its continuation, and without a place', () => {
    const output = answer(
      0,
      "[WARNING]  (5899) : config : missing timeouts for frontend 'web'.",
      '   | While not properly invalid, you will certainly encounter various problems',
      'Configuration file is valid',
    )
    expect(readHaproxy(output, reading)).toEqual({
      kind: 'accepted',
      findings: [
        {
          severity: 'warning',
          path: 'x.cfg',
          line: null,
          message: "missing timeouts for frontend 'web'.",
        },
      ],
    })
  })

  test('an unknown directive is inconclusive in another release, unless there is another error', () => {
    const unknown =
      "[ALERT] (1) : config : parsing [/stage/x.cfg:1] : unknown keyword 'x' in 'global' section"
    const wrong = '[ALERT] (1) : config : parsing [/stage/x.cfg:2] : no such ACL'
    const other = { ...reading, lacks: 'HAProxy 2.2.9 is not HAProxy 3.2' }
    expect(readHaproxy(answer(1, unknown), other).kind).toBe('not-checked')
    expect(readHaproxy(answer(1, unknown), reading).kind).toBe('refused')
    expect(readHaproxy(answer(1, unknown, wrong), other).kind).toBe('refused')
  })

  test('a signal is inconclusive', () => {
    expect(readHaproxy(answer(null), reading)).toMatchObject({ kind: 'not-checked' })
  })
})

describe('readHttpd', () => {
  test('a syntax error and its place', () => {
    const output = answer(
      1,
      'AH00526: Syntax error on line 3 of /stage/x.cfg:',
      'BalancerMember unknown Worker hcheck parameter',
      "Action '-t' failed.",
      'The Apache error log may have more information.',
    )
    expect(readHttpd(output, reading)).toEqual({
      kind: 'refused',
      others: 'not-checked',
      findings: [
        {
          severity: 'error',
          path: 'x.cfg',
          line: 3,
          message: 'BalancerMember unknown Worker hcheck parameter',
        },
      ],
    })
  })

  test('accepted: a document root need not exist on this host', () => {
    const output = answer(
      0,
      'AH00112: Warning: DocumentRoot [/srv/www] does not exist',
      '[Sat Nov 21 06:27:20.1 2026] [proxy:warn] [pid 1:tid 2] AH01146: Ignoring parameter',
      'Syntax OK',
    )
    expect(readHttpd(output, reading)).toEqual({
      kind: 'accepted',
      findings: [
        { severity: 'warning', path: 'x.cfg', line: null, message: 'AH01146: Ignoring parameter' },
      ],
    })
  })

  test('a module that this httpd lacks', () => {
    const output = answer(
      1,
      'AH00526: Syntax error on line 9 of /stage/httpd.conf:',
      `${lackMarker}mod_proxy_hcheck`,
    )
    expect(readHttpd(output, reading)).toEqual({
      kind: 'not-checked',
      reason: 'the httpd of this host has no mod_proxy_hcheck',
    })
  })
})

describe('loadModules', () => {
  const text = loadModules('/my/modules', 'ProxyPass / balancer://x/\nHeader set A b\n').join('\n')

  test('loads and requires the modules that a generated file names', () => {
    const named = loadModules('/my/modules', '# It needs the modules proxy reqtimeout\n').join('\n')
    expect(named).toContain('LoadModule reqtimeout_module "/my/modules/mod_reqtimeout.so"')
    expect(named).toContain('Error "sessctl: no module mod_reqtimeout"')
  })

  test('requires only the features that the artifacts use', () => {
    const needed = [...text.matchAll(/no module mod_(\w+)/g)].map(([, name]) => name)
    expect(needed).toEqual([
      'headers',
      'proxy',
      'proxy_balancer',
      'slotmem_shm',
      'lbmethod_byrequests',
    ])
  })

  test('searches the path of the user first, and closes what it opens', () => {
    expect(text.indexOf('"/my/modules/mod_proxy.so"')).toBeLessThan(
      text.indexOf('"modules/mod_proxy.so"'),
    )
    const count = (pattern: RegExp) => text.match(pattern)?.length
    expect(count(/<IfModule/g)).toBe(count(/<\/IfModule/g))
    expect(count(/<IfFile/g)).toBe(count(/<\/IfFile/g))
  })
})
