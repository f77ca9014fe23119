import { describe, expect, test } from 'vitest'
import { mostCommentBytes, reviewMarkdown } from '../../../../src/report/review/markdown.ts'
import {
  markdownBlock,
  markdownCode,
  markdownText,
  reviewMarker,
} from '../../../../src/report/review/markdown-text.ts'
import { fc } from '../../../support/fast-check.ts'
import { reportOf, reviewOf } from './reports.ts'

describe('the comment', () => {
  test('is what a reviewer reads', () => {
    expect(reviewMarkdown(reportOf())).toMatchInlineSnapshot(`
      "<!-- sessctl diff shop.yaml -->
      ### ❌ 50% of the sessions of shop are lost at the reload.

      \`shop.yaml\`: old.yaml → shop.yaml

      **Restart**: Tomcat shop

      **Reload**: nginx

      #### Risks

      - **sessions**: half of the clients of shop go to another server. \`shop.yaml:11\`, \`nginx/shop.conf:8\`
        - To avoid it: use a consistent hash for shop.
          - \`sessctl generate shop\`
      - **cosmetic**: the servers are not checked. \`old.yaml:6\`, \`nginx/shop.conf:8\`

      | upstream | proxy | clients that move | sessions lost | clients with an error | why |
      |---|---|---|---|---|---|
      | shop | nginx | 50% | 50% | 0% | nginx numbers the servers of shop. |

      #### Changes

      - server app3 added to upstream shop \`shop.yaml:11\`

      #### Text: 1 file changes

      <details><summary>nginx/shop.conf (updated, +1 −0)</summary>

      \`\`\`diff
      --- a/nginx/shop.conf
      +++ b/nginx/shop.conf
      @@ -5,6 +5,7 @@
           ip_hash;
           server 10.0.0.1:8080;
           server 10.0.0.2:8080;
      +    server 10.0.0.3:8080;
           keepalive_timeout 60s;
       }
      \`\`\`

      </details>
      "
    `)
  })

  test('without a review says why', () => {
    const report = {
      ...reportOf(),
      review: null,
      withoutReview: 'everything is new: there was no spec',
    }
    expect(reviewMarkdown(report)).toMatch(
      /^<!-- sessctl diff shop\.yaml -->\n### ℹ️ Everything is new: there was no spec\.\n/,
    )
  })

  test('files that do not fit are in further comments, each below the limit', () => {
    const report = reportOf()
    const lines = Array.from({ length: 300 }, (_, at) => `+${'ü<'.repeat(20)}${at}`)
    const files = report.files.flatMap((file) =>
      Array.from({ length: 6 }, (_, at) => ({
        ...file,
        path: `nginx/site-${at}.conf`,
        hunks: file.hunks.map((hunk) => ({ ...hunk, lines })),
      })),
    )
    const comments = reviewMarkdown({ ...report, files }).split(/^(?=<!-- sessctl )/m)
    expect(comments.map((each) => each.split('\n', 1)[0])).toEqual([
      '<!-- sessctl diff shop.yaml -->',
      '<!-- sessctl diff shop.yaml, part 2 -->',
    ])
    for (const each of comments) {
      expect(Buffer.byteLength(each)).toBeLessThanOrEqual(mostCommentBytes)
      expect(each.match(/^<\/details>/gm)).toHaveLength(each.match(/^<details>/gm)?.length ?? 0)
    }
    for (const { path } of files) expect(comments.join('')).toContain(`<summary>${path}`)
    expect(comments[0]).not.toContain('Not shown')
  })

  test('stays below the limit of a code host, and counts at its top what is not shown', () => {
    const { changes, risks, impact, ...rest } = reviewOf('ü`|<@'.repeat(200))
    const many = <Item>(items: readonly Item[]): readonly Item[] =>
      Array.from({ length: 500 }, () => items).flat()
    const report = reportOf('shop', {
      ...rest,
      changes: many(changes),
      risks: many(risks),
      impact: many(impact),
    })
    const comment = reviewMarkdown({ ...report, files: many(many(report.files).slice(0, 10)) })
    const each = comment.split(/^(?=<!-- sessctl )/m)
    expect(each).toHaveLength(4)
    for (const one of each) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(mostCommentBytes)
    expect(comment.length).toBeGreaterThan(20_000)
    expect(comment.slice(0, 25_000)).toMatch(
      /\*\*Not shown, because a comment has a limit: \d+ risks, \d+ changes, \d+ files\.\*\* `sessctl diff old\.yaml shop\.yaml` shows all/,
    )
    const opened = comment.match(/^<details>/gm)?.length
    expect(comment.match(/^<\/details>/gm)).toHaveLength(opened ?? 0)
  })
})

describe('a text in a comment', () => {
  test.each([
    ['@all, @org/team', '@<!-- -->all, @<!-- -->org/team'],
    [
      'see #12, !3, GH-4, ~bug, %1',
      'see #<!-- -->12, !<!-- -->3, GH<!-- -->-4, &#126;bug, %<!-- -->1',
    ],
    ['33% of them', '33% of them'],
    ['**a** _b_ `c`', '&#42;&#42;a&#42;&#42; &#95;b&#95; &#96;c&#96;'],
    ['<img src=x> & [a](b)', '&#60;img src=x&#62; &#38; &#91;a&#93;(b)'],
    ['https://x.test www.x.test', 'https:<!-- -->//x.test www<!-- -->.x.test'],
    ['1. a', '&#49;. a'],
    ['- a', '&#45; a'],
    ['jvm_route: { a_b: $x }', 'jvm_route: { a_b: &#36;x }'],
    ['a | b \\| c', 'a &#124; b &#92;&#124; c'],
    ['a\n/close', 'a&#94;J/close'],
    [':tada:', ':<!-- -->tada:'],
  ])('%j is shown, and does nothing', (text, written) => {
    expect(markdownText(text)).toBe(written)
  })

  test('any text stays in its line, and has no markup of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = markdownText(text)
        expect(written.replaceAll('<!-- -->', '').replace(/&#\d+;/g, '')).not.toMatch(
          /[\n\r<>`*[\]|\\~$^]|_$|^_/,
        )
      }),
    )
  })

  test('any code has a fence that it does not contain', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n') }), (text) => {
        const code = markdownCode(text)
        const [, fence = '', inner = ''] = /^(`*)(.*?)\1$/s.exec(code) ?? []
        expect(code).not.toContain('\n')
        if (text !== '') expect(inner.match(/`+/g) ?? []).not.toContain(fence)
        const block = markdownBlock([text], 'diff')
        const [outer = ''] = /^`+/.exec(block) ?? []
        expect(block.split(outer)).toHaveLength(3)
      }),
    )
  })

  test.each([
    ['shop.yaml', '<!-- sessctl diff shop.yaml -->'],
    ['a--><b>.yaml', '<!-- sessctl diff a%2D-%3E%3Cb%3E.yaml -->'],
    ['a-', '<!-- sessctl diff a%2D -->'],
    ['ü\n.yaml', '<!-- sessctl diff %C3%BC%5EJ.yaml -->'],
  ])('the marker of %j ends where it should', (subject, marker) => {
    expect(reviewMarker(subject)).toBe(marker)
  })
})
