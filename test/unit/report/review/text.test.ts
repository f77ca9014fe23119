import { describe, expect, test } from 'vitest'
import { reviewGithub, reviewGitlab } from '../../../../src/report/review/annotations.ts'
import { reviewJson } from '../../../../src/report/review/json.ts'
import { reviewMarkdown } from '../../../../src/report/review/markdown.ts'
import { reviewPage } from '../../../../src/report/review/page.ts'
import { reviewText } from '../../../../src/report/review/text.ts'
import { styleFor } from '../../../../src/report/style.ts'
import { reportOf, reviewOf } from './reports.ts'

const plain = styleFor(false)
const hostile = '\u001b[31m\n::error::x\r\n--- a/x\n+++ b/x\n12c3\n<b>@all `x` | ' + '\u202e'

describe('the text', () => {
  test('begins with the verdict, and ends with the diff', () => {
    expect(reviewText(reportOf(), plain)).toMatchInlineSnapshot(`
      "50% of the sessions of shop are lost at the reload.
      Restart: Tomcat shop
      Reload: nginx

      Risks (2)
        sessions      half of the clients of shop go to another server.
                      at shop.yaml:11, nginx/shop.conf:8
                      To avoid it: use a consistent hash for shop.
                        $ sessctl generate shop
        cosmetic      the servers are not checked.
                      at old.yaml:6, nginx/shop.conf:8

      Impact
        shop, nginx: 50% of the clients move, 50% of the sessions are lost
          nginx numbers the servers of shop.

      Changes (1)
        server app3 added to upstream shop (shop.yaml:11)

      Text: 1 file changes
      --- a/nginx/shop.conf
      +++ b/nginx/shop.conf
      @@ -5,6 +5,7 @@
           ip_hash;
           server 10.0.0.1:8080;
           server 10.0.0.2:8080;
      +    server 10.0.0.3:8080;
           keepalive_timeout 60s;
       }
       
      "
    `)
  })

  test('cuts long lists, and counts what is cut', () => {
    const { changes, ...rest } = reviewOf('shop')
    const many = Array.from({ length: 2_000 }, () => changes).flat()
    const text = reviewText(reportOf('shop', { ...rest, changes: many }), plain)
    expect(text).toContain('Changes (2000)\n')
    expect(text).toContain('\n  … and 1900 more\n')
    expect(text.split('\n').length).toBeLessThan(180)
  })

  test('has lines that begin with its own words only, whatever a spec contains', () => {
    const text = reviewText(reportOf(hostile), plain)
    const above = text.slice(0, text.indexOf('\n--- a/nginx'))
    expect(above).not.toMatch(/[^\P{C}\n]/u)
    expect(above.split('\n')).toHaveLength(
      reviewText(reportOf(), plain).split('\n--- a/nginx')[0]?.split('\n').length ?? 0,
    )
    // Where patch looks for the start of a diff, it skips blanks.
    expect(above).not.toMatch(
      /^[ \tX]*(?:---|\+\+\+|\*\*\*|diff |Index:|Prereq:|\d+(?:,\d+)?[acd])/m,
    )
  })
})

describe('the annotations', () => {
  test('of GitHub are the verdict, and the risks at the lines of the new spec', () => {
    expect(reviewGithub(reportOf())).toMatchInlineSnapshot(`
      "::warning file=shop.yaml,title=sessctl%3A diff::50%25 of the sessions of shop are lost at the reload.
      ::warning file=shop.yaml,line=11,col=7,endColumn=11,title=sessctl%3A sessions-move::half of the clients of shop go to another server%0Ato avoid it: use a consistent hash for shop
      ::notice file=shop.yaml,line=6,col=3,endColumn=7,title=sessctl%3A no-check::the servers are not checked
      "
    `)
  })

  test('of GitLab are a report of Code Quality', () => {
    expect(JSON.parse(reviewGitlab(reportOf()))).toMatchObject([
      {
        check_name: 'sessions-move',
        severity: 'major',
        location: { path: 'shop.yaml', lines: { begin: 11 } },
      },
      { check_name: 'no-check', severity: 'info', location: { lines: { begin: 6 } } },
    ])
  })

  test('are one command for each risk, whatever a spec contains', () => {
    const lines = reviewGithub(reportOf(hostile)).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line).toMatch(/^::(?:warning|notice) file=shop\.yaml,/)
  })

  test('are no more than GitHub shows, with the number of the others', () => {
    const { risks, ...rest } = reviewOf('shop')
    const many = Array.from({ length: 30 }, () => risks).flat()
    const lines = reviewGithub(reportOf('shop', { ...rest, risks: many }))
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(20)
    expect(lines[0]).toMatch(
      /^::warning file=shop\.yaml,title=sessctl%3A diff::50%25 .*%0A41 more risks are not shown: sessctl diff old\.yaml shop\.yaml$/,
    )
  })
})

describe('the JSON document', () => {
  const facts = { base: null, head: null, foreign: [], edited: new Set<string>() }

  test('has shares from 0 to 1 by the names of upstreams, and lines of the spec and of the files', () => {
    expect(JSON.parse(reviewJson(reportOf(), facts, 0))).toMatchObject({
      formatVersion: 1,
      command: 'diff',
      verdict: { lost: 0.5, sentence: '50% of the sessions of shop are lost at the reload.' },
      impact: { upstreams: { shop: { moved: 0.5, lost: 0.5 } } },
      risks: [
        {
          code: 'sessions-move',
          file: 'shop.yaml',
          line: 11,
          path: 'upstreams.shop.servers.app3',
          output: { path: 'nginx/shop.conf', side: 'after' },
        },
        { code: 'no-check', file: 'old.yaml', line: 6 },
      ],
      changes: [{ code: 'server-added', line: 11 }],
      artifacts: [{ path: 'nginx/shop.conf', added: 1 }],
      unchanged: 0,
    })
  })

  test('has an upstream with any name', () => {
    const { impact } = JSON.parse(reviewJson(reportOf('__proto__'), facts, 0))
    expect(Object.keys(impact.upstreams)).toEqual(['__proto__'])
  })
})

test('a literal secret is in no format, wherever a review names it', () => {
  const app = (password: string) =>
    `    app: { runtime: tomcat, version: "10.1", sessions: { store: redisson, use: main } }
stores: { main: { kind: redis, addresses: ["10.0.0.5:6379"], password: ${password} } }
`
  const { risks, changes, impact, verdict } = reviewOf('shop of Hunter2 and Swordfish')
  // Names of upstreams are no secrets.
  const upstream = 'shop'
  const report = reportOf(
    'shop',
    {
      verdict,
      risks: risks.map((risk) => ({ ...risk, upstream })),
      changes: changes.map((change) => ({ ...change, upstream })),
      impact: impact.map((each) => ({ ...each, name: upstream })),
    },
    { before: app('Hunter2'), after: app('Swordfish') },
  )
  expect(report.files.some(({ masked }) => masked > 0)).toBe(true)
  const facts = { base: null, head: null, foreign: [], edited: new Set<string>() }
  for (const format of [
    reviewText(report, plain),
    reviewMarkdown(report),
    reviewPage(report),
    reviewJson(report, facts, 0),
    reviewGithub(report),
    reviewGitlab(report),
  ]) {
    expect(format).toContain('(secret)')
    expect(format).not.toMatch(/Hunter2|Swordfish/)
  }
})
