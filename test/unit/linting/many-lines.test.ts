import { expect, test } from 'vitest'
import { lintFiles } from '../../../src/core/linting/files/lint.ts'

const lint = (kind: 'nginx' | 'haproxy' | 'httpd', text: string) =>
  lintFiles(
    [{ path: '/x', file: 'x', kind, bytes: new TextEncoder().encode(text), isIncluded: false }],
    { nginxVersion: null },
  )

const many = (number: number, line: (index: number) => string): string =>
  Array.from({ length: number }, (_, index) => line(index)).join('\n')

const files = {
  nginx: (n: number) =>
    `http {\n${many(n, (i) => `upstream u${i} { ip_hash; server a; server b; }`)}\nserver {\n${many(n, (i) => `location /${i} { proxy_pass http://u${i}; }`)}\n}\n}`,
  haproxy: (n: number) =>
    `frontend f\n${many(n, (i) => ` use_backend b${i} if x`)}\n${many(n, (i) => `backend b${i}\n balance source\n server a 1 cookie a\n server b 2`)}\n`,
  httpd: (n: number) =>
    many(
      n,
      (i) =>
        `<Proxy balancer://b${i}>\nBalancerMember http://a\n</Proxy>\nProxyPass /${i} balancer://b${i}/ stickysession=S`,
    ),
} as const

test.each(['nginx', 'haproxy', 'httpd'] as const)('%s: time grows with the lines', (kind) => {
  const timeOf = (text: string): number => {
    const { user } = process.cpuUsage()
    lint(kind, text)
    return process.cpuUsage().user - user
  }
  timeOf(files[kind](500))
  // Quadratic time would be a hundred times as much.
  const [few, most] = [timeOf(files[kind](400)), timeOf(files[kind](4000))]
  expect(most).toBeLessThan(40 * Math.max(few, 5000))
})
