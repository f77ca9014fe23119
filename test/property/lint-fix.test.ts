import { test } from 'vitest'
import { lintConfigFiles } from '../../src/commands/lint/config-files.ts'
import type { GivenFile } from '../../src/core/linting/files/given-file.ts'
import { fixesOf } from '../../src/core/linting/finding.ts'
import { fc } from '../support/fast-check.ts'

/** A mistake with a certain remedy, and the same lines with it applied. */
const mistakes: readonly (readonly [kind: GivenFile['kind'], bad: string, good: string])[] = [
  [
    'nginx',
    'upstream a { jvm_route  $cookie_JSESSIONID|sessionid reverse;server b srun_id=b ; }',
    'upstream a { jvm_route  $cookie_JSESSIONID|jsessionid reverse;server b srun_id=b ; }',
  ],
  [
    'httpd',
    '<Proxy balancer://a>\n  BalancerMember http://b route=b\n\tProxySet  stickysession=JSESSIONID|sessionid timeout=5\n</Proxy>',
    '<Proxy balancer://a>\n  BalancerMember http://b route=b\n\tProxySet  stickysession=JSESSIONID|jsessionid timeout=5\n</Proxy>',
  ],
]

/** A comment of any bytes, also ones that are no UTF-8; without the marks of templates. */
const comment = fc
  .tuple(fc.constantFrom('\n', '\r\n'), fc.uint8Array({ maxLength: 30 }))
  .map(([end, bytes]) =>
    Buffer.concat([
      Buffer.from('# '),
      Buffer.from(
        bytes.filter((byte) => byte > 0x20 && !'\\{}<>%$@'.includes(String.fromCharCode(byte))),
      ),
      Buffer.from(end),
    ]),
  )
const comments = fc.array(comment, { maxLength: 6 }).map((all) => Buffer.concat(all))

test('--fix changes the bytes of the values only, whatever is around them', () => {
  fc.assert(
    fc.property(comments, comments, fc.constantFrom(...mistakes), (before, after, mistake) => {
      const [kind, bad, good] = mistake
      const around = (text: string): Buffer =>
        Buffer.concat([before, Buffer.from(`${text}\n`), after])
      const file: GivenFile = { path: '/a', file: 'a', kind, bytes: around(bad), isIncluded: false }
      const check = (bytes: Uint8Array) =>
        lintConfigFiles([file], { nginxVersion: null }, new Map([['/a', bytes]]))
      const { files, findings } = check(around(bad))
      const fixed = files[0]?.edited(fixesOf(findings)) ?? new Uint8Array()
      if (!around(good).equals(Buffer.from(fixed))) return false
      return check(fixed).findings.every(({ code }) => code !== 'url-name-mismatch')
    }),
    { numRuns: 200 },
  )
})
