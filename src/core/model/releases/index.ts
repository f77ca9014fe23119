import type { NginxFlavor } from '../target.ts'
import { atLeast, parseVersion, type Version } from '../version.ts'
import { type Judgement, judge } from './judge.ts'
import { angie, nginx, openresty, tengine } from './nginx.ts'
import { judgePlus } from './plus.ts'
import type { Product } from './product.ts'
import { django, php, redisson, spring } from './runtimes.ts'
import { haproxy, httpd, tomcat } from './servers.ts'

const products = {
  nginx,
  angie,
  tengine,
  openresty,
  haproxy,
  httpd,
  tomcat,
  spring,
  php,
  django,
  redisson,
} as const satisfies Readonly<Record<string, Product>>

/** Products whose releases are listed. */
export type ReleasedProduct = keyof typeof products

/** Products with a version in a spec. */
export type ProductName = ReleasedProduct | Extract<NginxFlavor, 'nginx-plus'>

/** A release such as `R31` for a flavor other than NGINX Plus. */
const ofOtherProduct = (name: string, proposed: string, text: string): Judgement => ({
  kind: 'unknown',
  version: parseVersion(proposed),
  message: `${text} is a release of NGINX Plus, not of ${name}`,
  help: 'write flavor: nginx-plus',
})

export const judgeRelease = (name: ProductName, text: string): Judgement => {
  if (name === 'nginx-plus') return judgePlus(text)
  const product = products[name]
  return /^[\d.]+$/.test(text)
    ? judge(product, text)
    : ofOtherProduct(product.name, product.proposed, text)
}

/** A recent release of a product. */
export const proposedRelease = (name: ReleasedProduct): string => products[name].proposed

const majorOf = (release: string): string => release.split('.')[0] ?? ''

/**
 * Later releases to move to, the smallest step first: of the same major, then of a later one. A Tomcat
 * keeps its major: applications for another one are other files.
 */
export const laterReleases = (name: ReleasedProduct, version: Version): readonly string[] => {
  const { open, proposed } = products[name]
  const major = majorOf(version.text)
  const same = [...open].reverse().filter((release) => majorOf(release) === major)
  const near = same.includes(proposed) ? proposed : same[0]
  const all = [...(near === undefined ? [] : [near]), ...(name === 'tomcat' ? [] : [proposed])]
  return [...new Set(all)].filter((release) => !atLeast(version, release))
}
