import { createHash } from 'node:crypto'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { describe, expect, test } from 'vitest'
import { reviewPage } from '../../../../src/report/review/page.ts'
import { compiled, reportOf, specOf } from './reports.ts'

const page = reviewPage(reportOf())

const bodyOf = (html: string): XmlElement => {
  const body = html.slice(html.indexOf('<body>'), html.indexOf('</body>') + '</body>'.length)
  const { root } = parseXml(
    body.replaceAll('&#39;', '&apos;').replaceAll('<details open>', '<details open="">'),
  )
  if (root === null) throw new Error('no body')
  return root
}

const elements = (node: XmlElement): readonly XmlElement[] => [
  node,
  ...node.children.flatMap((child) => (child instanceof XmlElement ? elements(child) : [])),
]

const shapeOf = (html: string): readonly string[] => [
  ...new Set(
    elements(bodyOf(html)).map(({ name, attributes }) =>
      [name, ...Object.keys(attributes).sort()].join(' '),
    ),
  ),
]

describe('the page', () => {
  test('is well-formed, loads no resource and runs no script', () => {
    expect(() => bodyOf(page)).not.toThrow()
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|base|form)\b|\bsrc=|\bon\w+=|url\(|@import|style=/i,
    )
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'`)
  })

  test('is used with the keyboard: a skip link, details, and regions that can be scrolled', () => {
    const all = elements(bodyOf(page))
    const [first] = all.filter(({ name }) => name === 'a')
    expect(first?.attributes).toMatchObject({ class: 'skip', href: '#text' })
    const ids = all.flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('text')
    for (const { name, children } of all)
      if (name === 'details')
        expect(children.find((child) => child instanceof XmlElement)).toMatchObject({
          name: 'summary',
        })
    for (const { name, attributes } of all)
      if (name === 'pre' && attributes['class'] === 'diff')
        expect(attributes).toMatchObject({ tabindex: '0', role: 'region' })
  })

  test('has a picture of the cluster before and after, with what differs', () => {
    const pictures = [...page.matchAll(/<svg role="img" aria-label="([^"]*)"/g)]
    expect(pictures.map(([, label]) => label)).toEqual([
      'Before: nginx 1.30.6 in front of shop, ip_hash: app1 10.0.0.1:8080; app2 10.0.0.2:8080; sessions: unknown',
      'After: nginx 1.30.6 in front of shop, ip_hash: app1 10.0.0.1:8080; app2 10.0.0.2:8080; app3 10.0.0.3:8080 (added); sessions: unknown',
    ])
  })

  test('of 1,000 servers is small', () => {
    const report = reportOf()
    const text = specOf(3).replace(
      / {6}app3.*\n/,
      Array.from(
        { length: 1_000 },
        (_, at) => `      t${at}: 10.1.${at >> 8}.${at & 255}:8080\n`,
      ).join(''),
    )
    const { cluster } = compiled('shop.yaml', text)
    const large = reviewPage({
      ...report,
      clusters: { before: report.clusters.before, after: cluster },
    })
    expect(large).toContain('and 990 more servers')
    expect(large.length).toBeLessThan(page.length + 10_000)
  })

  test('is the same for the same report', () => {
    expect(reviewPage(reportOf())).toBe(page)
  })

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '</style></pre><b>',
    '\u202egnp.exe\u0000',
  ])('%j is shown as text', (word) => {
    const report = reportOf(word)
    const evil = reviewPage({
      ...report,
      subject: word,
      before: word,
      files: report.files.map((file) => ({ ...file, path: word })),
    })
    expect(shapeOf(evil).toSorted()).toEqual(shapeOf(page).toSorted())
    expect(evil.split('</style>')).toHaveLength(2)
    expect(evil.includes('\u202e') || evil.includes('\0')).toBe(false)
  })
})
