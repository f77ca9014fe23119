import { compareSpecs } from '../../../../src/commands/diff/comparison.ts'
import { compareFiles } from '../../../../src/core/diff/compare.ts'
import { placedReview } from '../../../../src/core/diff/placed.ts'
import { insideOnly } from '../../../../src/core/outside.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../../../../src/core/pipeline.ts'
import type { Review } from '../../../../src/core/review/review.ts'
import type { ReviewReport } from '../../../../src/report/review/report.ts'

export const specOf = (servers: number, name = 'shop'): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: ${name} }] } }
upstreams:
  ${name}:
    affinity: { method: ip_hash }
    servers:
${Array.from({ length: servers }, (_, index) => `      app${index + 1}: 10.0.0.${index + 1}:8080\n`).join('')}`

export const compiled = (file: string, text: string): Compilation =>
  compile(resolveSpec(readSpec(file, text), {}), insideOnly(new Map()), null)

/** What a review could say of a third server, with a text in every place that a spec has a part in. */
export const reviewOf = (word: string): Review => ({
  verdict: {
    sentence: `50% of the sessions of ${word} are lost at the reload`,
    lost: 0.5,
    moved: 0.5,
    restarts: [`Tomcat ${word}`],
    reloads: ['nginx'],
  },
  risks: [
    {
      code: 'sessions-move',
      kind: 'sessions',
      message: `half of the clients of ${word} go to another server`,
      remedies: [
        { text: `use a consistent hash for ${word}`, commands: [`sessctl generate ${word}`] },
      ],
      side: 'after',
      at: ['upstreams', 'shop', 'servers', 'app3'],
      upstream: word,
    },
    {
      code: 'no-check',
      kind: 'cosmetic',
      message: 'the servers are not checked',
      remedies: [],
      side: 'before',
      at: ['upstreams', 'shop'],
      upstream: null,
    },
  ],
  changes: [
    {
      code: 'server-added',
      text: `server app3 added to upstream ${word}`,
      side: 'after',
      at: ['upstreams', 'shop', 'servers', 'app3'],
      upstream: word,
    },
  ],
  impact: [
    {
      name: word,
      nameBefore: null,
      moved: 0.5,
      lost: 0.5,
      proxies: [
        {
          proxy: 'nginx',
          moved: 0.5,
          lost: 0.5,
          failed: 0,
          spread: { before: { app1: 0.5, app2: 0.5 }, after: { app1: 0.3, app2: 0.3, app3: 0.4 } },
          reason: `nginx numbers the servers of ${word}`,
          by: 'model',
        },
      ],
    },
  ],
})

/**
 * The report of a third server, as `sessctl diff old.yaml shop.yaml` makes it.
 * @param more the ends of the two specs.
 */
export const reportOf = (
  word = 'shop',
  review: Review = reviewOf(word),
  more: { readonly before: string; readonly after: string } = { before: '', after: '' },
): ReviewReport => {
  const before = compiled('old.yaml', `${specOf(2)}${more.before}`)
  const after = compiled('shop.yaml', `${specOf(3)}${more.after}`)
  const { pairs, secrets, diagnostics } = compareSpecs(before, after)
  const files = [...compareFiles(pairs, secrets, 3)]
  return {
    subject: 'shop.yaml',
    before: 'old.yaml',
    after: 'shop.yaml',
    review: placedReview(review, { before, after }, files, secrets.spellings),
    proof: null,
    withoutReview: null,
    files,
    unchanged: pairs.length - files.length,
    clusters: { before: before.cluster, after: after.cluster },
    diagnostics,
    notes: [],
    command: 'sessctl diff old.yaml shop.yaml',
  }
}
