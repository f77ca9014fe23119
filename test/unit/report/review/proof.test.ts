import { describe, expect, test } from 'vitest'
import { ending } from '../../../../src/commands/diff/exit.ts'
import { agrees, contradicted, type Proof } from '../../../../src/core/prove/proof.ts'
import { reviewMarkdown } from '../../../../src/report/review/markdown.ts'
import { reviewPage } from '../../../../src/report/review/page.ts'
import {
  proofJson,
  proofLines,
  proofMarkdown,
  proofSentence,
} from '../../../../src/report/review/proof.ts'
import { styleFor } from '../../../../src/report/style.ts'
import { reportOf } from './reports.ts'

const figure = (review: number, predicted: number, measured: number | null) => ({
  review,
  predicted,
  measured,
})

const proof: Proof = {
  programs: [
    {
      before: 'nginx 1.30.6, 3 × built-in session server in place of Tomcat 9.0.122',
      after: 'nginx 1.30.6, 4 × built-in session server in place of Tomcat 9.0.122',
    },
  ],
  upstreams: [
    {
      name: 'shop',
      proxy: 'nginx',
      clients: 800,
      moved: figure(0.76, 0.7625, 0.7625),
      lost: figure(0.76, 0.755, 0.755),
      reason: null,
    },
    {
      name: 'api',
      proxy: 'nginx',
      clients: 0,
      moved: { review: null, predicted: 0, measured: null },
      lost: { review: null, predicted: 0, measured: null },
      reason: 'its URL is another one after the change',
    },
  ],
  notes: ['certificates belong to the lab'],
}

const withMeasured = (moved: number): Proof => ({
  ...proof,
  upstreams: proof.upstreams.map((upstream) => ({
    ...upstream,
    moved: figure(0.76, 0.75, moved),
  })),
})

test('two percentage points are within the tolerance, more are not', () => {
  expect(agrees(figure(0, 0.75, 0.77))).toBe(true)
  expect(agrees(figure(0, 0.75, 0.7301))).toBe(true)
  expect(agrees(figure(0, 0.75, 0.7701))).toBe(false)
  expect(agrees(figure(0, 0.75, null))).toBe(null)
  expect(contradicted(proof)).toEqual([])
  expect(contradicted(withMeasured(0.5)).map(({ name }) => name)).toEqual(['shop', 'api'])
})

describe('the answer', () => {
  test('says whether the lab agrees with the prediction', () => {
    expect(proofSentence(proof)).toBe(
      'predicted and measured differ by at most 2 percentage points',
    )
    expect(proofSentence(withMeasured(0.5))).toBe(
      'the lab contradicts the prediction by more than 2 percentage points: shop behind nginx, api behind nginx',
    )
    expect(proofSentence({ ...proof, upstreams: [] })).toBe('nothing was measured')
  })

  test('is a table in the terminal', () => {
    expect(`${proofLines(proof, styleFor(false)).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      Proof: predicted and measured differ by at most 2 percentage points.
        upstream  proxy  moved: review  predicted  measured  lost: review  predicted  measured
        shop      nginx          76.0%      76.3%     76.3%         76.0%      75.5%     75.5%
        api       nginx              –       0.0%         –             –       0.0%         –
          review: clients from anywhere; predicted and measured: the same 800 clients in the lab.
          not measured for api behind nginx: its URL is another one after the change.
          nginx 1.30.6, 3 × built-in session server in place of Tomcat 9.0.122; then nginx 1.30.6, 4 × built-in session server in place of Tomcat 9.0.122.
          certificates belong to the lab.
      "
    `)
    expect(proofLines(null, styleFor(false))).toEqual([])
  })

  test('is a table in the comment', () => {
    expect(proofMarkdown(proof)).toMatchInlineSnapshot(`
      "#### Proof: predicted and measured differ by at most 2 percentage points.

      | upstream | proxy | moved: review | predicted | measured | lost: review | predicted | measured |
      |---|---|---|---|---|---|---|---|
      | shop | nginx | 76.0% | 76.3% | 76.3% | 76.0% | 75.5% | 75.5% |
      | api | nginx | – | 0.0% | – | – | 0.0% | – |

      - review: clients from anywhere; predicted and measured: the same 800 clients in the lab.
      - not measured for api behind nginx: its URL is another one after the change.
      - nginx 1.30.6, 3 × built-in session server in place of Tomcat 9.0.122; then nginx 1.30.6, 4 × built-in session server in place of Tomcat 9.0.122.
      - certificates belong to the lab.

      "
    `)
    expect(reviewMarkdown({ ...reportOf(), proof })).toContain(proofMarkdown(proof))
    expect(proofMarkdown(null)).toBe('')
  })

  test('is a section of the page', () => {
    const page = reviewPage({ ...reportOf(), proof })
    expect(page).toContain('<h2 id="proof" tabindex="-1">Proof</h2>')
    expect(page).toContain('76.3%')
    expect(reviewPage(reportOf())).not.toContain('id="proof"')
  })

  test('is data', () => {
    expect(proofJson(proof)).toMatchObject({
      agrees: true,
      tolerance: 0.02,
      upstreams: [
        { name: 'shop', clients: 800, moved: { predicted: 0.7625, agrees: true }, reason: null },
        { name: 'api', clients: 0, moved: { measured: null, agrees: null } },
      ],
    })
    expect(proofJson(withMeasured(0.5))).toMatchObject({ agrees: false })
    expect(proofJson(null)).toBe(null)
  })

  test('ends the command with 1 if the lab contradicts the prediction', () => {
    const args = {
      ...{ file: null, allowOutside: [], output: 'generated', target: [], base: null, head: null },
      ...{ baseFile: null, as: null, context: '3', exitCode: false, detailedExitcode: false },
      ...{ failOn: [], format: 'text', quiet: false, verbose: false },
      ...{ prove: true, clients: '800', libs: null },
    }
    expect(ending(args, { ...reportOf(), proof }, false)).toEqual({ exitCode: 0, reasons: [] })
    expect(ending(args, { ...reportOf(), proof: withMeasured(0.5) }, false)).toEqual({
      exitCode: 1,
      reasons: [`--prove: ${proofSentence(withMeasured(0.5))}`],
    })
  })
})
