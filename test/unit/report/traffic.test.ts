import { createHash } from 'node:crypto'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { describe, expect, test } from 'vitest'
import { styleFor } from '../../../src/report/style.ts'
import { formatComparison } from '../../../src/report/traffic/comparison.ts'
import { trafficPage } from '../../../src/report/traffic/page.ts'
import { formatTrial } from '../../../src/report/traffic/text.ts'
import { sampleTrials } from '../traffic/trials.ts'

const plain = styleFor(false)
const trials = sampleTrials(['redisson.yaml', 'local.yaml'])
const origin = {
  version: '1.2.3',
  commandLine: ['lab', 'local.yaml', '--output', 'my report.html'],
  epochMs: Date.UTC(2026, 10, 29, 12, 34),
}
const page = trafficPage(origin, trials)

/** The body as XML: what a browser would mend is wrong here. */
const parsed = (html: string) => {
  const body = html.slice(html.indexOf('<body>'), html.indexOf('</body>') + '</body>'.length)
  return parseXml(body.replaceAll('&#39;', '&apos;'))
}

/** Every element with its attributes, each kind once. */
const shapeOf = (html: string): readonly string[] => {
  const kinds = new Set<string>()
  const visit = (node: XmlElement): void => {
    kinds.add([node.name, ...Object.keys(node.attributes).sort()].join(' '))
    for (const child of node.children) if (child instanceof XmlElement) visit(child)
  }
  const { root } = parsed(html)
  if (root) visit(root)
  return [...kinds].sort()
}

describe('the page', () => {
  test('is well-formed', () => {
    expect(() => parsed(page)).not.toThrow()
  })

  test('loads no resource and runs no script', () => {
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|base|form)\b|\bsrc=|\bon\w+=|url\(|@import|style=/i,
    )
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith('#'))).toBe(
      true,
    )
  })

  test('has a policy that allows only its own style', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'))
  })

  test('is the same for the same trials', () => {
    expect(trafficPage(origin, sampleTrials(['redisson.yaml', 'local.yaml']))).toBe(page)
  })

  test('has a headline that names the failed scenarios, even if all claims hold', () => {
    const [kept] = trials
    const headline = (html: string) => /<p class="verdict ([^<]*)<\/p>/.exec(html)?.[1]
    expect(headline(trafficPage(origin, kept ? [kept] : []))).toBe(
      'warn">All 2 claims hold; not claimed and not met: nat',
    )
    expect(headline(page)).toBe('bad">2 of 4 claims hold; not claimed and not met: nat')
  })

  test('names the version, the date and the command line', () => {
    expect(page).toContain(
      'sessctl 1.2.3, <time>2026-11-29 12:34 UTC</time>: <code>sessctl lab local.yaml --output &#39;my report.html&#39;</code>',
    )
  })

  test('has plots of 340 px at most, for a screen of 400 px', () => {
    const widths = [...page.matchAll(/<svg role="img"[^>]* width="(\d+)"/g)].map(([, width]) =>
      Number(width),
    )
    expect(widths.length).toBeGreaterThan(8)
    expect(Math.max(...widths)).toBeLessThanOrEqual(340)
  })

  test('links the summary to each result', () => {
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
    expect(links).toHaveLength(6)
    for (const id of links) expect(page).toContain(`id="${id}"`)
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('describes in words what its plots show', () => {
    const images = [...page.matchAll(/<svg role="img" aria-label="([^"]*)"/g)]
    expect(images.length).toBeGreaterThan(8)
    for (const [, label] of images) expect(label).not.toBe('')
    expect(page).toContain('10 failed')
    expect(page).toContain('tomcat01 killed')
  })

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '</style><b>',
    '&lt;b&gt;',
    '\u202egnp.exe\u0000',
    ']]>',
  ])('%j is shown as text', (name) => {
    const evil = trafficPage({ ...origin, version: name, commandLine: [name] }, [
      ...sampleTrials([name, name]).map((trial) => ({
        ...trial,
        about: name,
        notes: [name],
        results: trial.results.map((result) => ({
          ...result,
          title: name,
          reason: name,
          figures: result.figures && {
            ...result.figures,
            servers: result.figures.servers.map((server) => ({ ...server, name })),
            endings: [{ code: name, count: 1 }],
          },
          timeline: result.timeline && { ...result.timeline, servers: [name, name, name] },
        })),
      })),
    ])
    // The same elements and attributes as ever.
    expect(shapeOf(evil)).toEqual(shapeOf(page))
    expect(evil.split('</style>')).toHaveLength(2)
    expect(evil.includes('\u202e') || evil.includes('\0')).toBe(false)
  })
})

describe('the text', () => {
  test('of one trial', () => {
    const [, lost] = trials
    expect(lost && formatTrial(lost, plain)).toMatchInlineSnapshot(`
      "local.yaml: nginx 1.26.3, three Tomcats 9.0
        note: a note

      FAILS     sticky    Requests stay on their server
                0% sticky, 100% answered               300 requests, p50 8.0 ms, p99 13.0 ms
                = no request went to the server of the previous request
      not met   nat       Many clients behind one address
                0% even, 100% answered                 30 requests, p50 7.0 ms, p99 13.0 ms
                = all 30 clients went to tomcat02 (0% even)
      FAILS     kill      A server is killed
                0% sessions kept                       420 requests, 10 failed, p50 8.0 ms, p99 13.0 ms
                = every session of tomcat01 was lost
      skipped   store     The session store is restarted
                = there is no store

        tomcat01  130 requests
        tomcat02  320 requests
        tomcat03  290 requests
      0 of 2 claims hold; not claimed and not met: nat
      "
    `)
  })

  test('of several trials, side by side', () => {
    expect(formatComparison(trials, plain)).toMatchInlineSnapshot(`
      "spec           nat  sticky  kill  failed   added
      redisson.yaml   0%    100%  100%      10  1.3 ms
      local.yaml      0%      0%    0%      10  1.3 ms
      even: nat; sticky: sticky; sessions kept: kill
      "
    `)
  })

  test('contains no control sequences for a terminal', () => {
    const [evil] = sampleTrials(['\u001b[31mred', 'x'])
    expect(evil && formatTrial(evil, plain)).not.toContain('\u001b')
    expect(formatComparison(sampleTrials(['\u001b[31mred', 'x']), plain)).not.toContain('\u001b')
  })
})
