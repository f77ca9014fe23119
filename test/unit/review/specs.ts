import { type ReviewSide, review, sideOf } from '../../../src/core/review/index.ts'
import type { Review } from '../../../src/core/review/review.ts'
import { compileText, renderCluster } from '../../support/compile.ts'

/** A shop with three Tomcats behind nginx. */
export const shop = `
version: 1
name: shop
targets:
  nginx: { version: "1.30.6" }
frontends:
  www:
    listen: [80]
    serverNames: [www.example.com]
    locations:
      - { match: /, upstream: shop }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers:
      app1: 10.0.0.1:8080
      app2: 10.0.0.2:8080
      app3: 10.0.0.3:8080
    app: { runtime: tomcat, version: "9.0.122" }
stores:
  cache: { kind: redis, addresses: ["10.0.9.1:6379"] }
  other: { kind: redis, addresses: ["10.0.9.2:6379"] }
`

/** The text with parts replaced, each of which must be in it. */
export const edited = (text: string, ...edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`not in the spec: ${from}`)
    return now.replace(from, to)
  }, text)

/** With artifacts even where a rule refuses the spec: a review is about what servers would do with them. */
export const sideFrom = (text: string): ReviewSide => {
  const { spec, cluster } = compileText(text)
  const artifacts = cluster === null ? [] : renderCluster(cluster, null).artifacts
  const side = sideOf({ spec, cluster, artifacts })
  if (side === null) throw new Error('the spec cannot be read')
  return side
}

export const reviewTexts = (before: string, after: string): Review =>
  review(sideFrom(before), sideFrom(after))
