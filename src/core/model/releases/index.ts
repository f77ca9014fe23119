import type { NginxFlavor } from '../target.ts'
import { parseVersion } from '../version.ts'
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

/** Products with a version in a spec. */
export type ProductName = keyof typeof products | Extract<NginxFlavor, 'nginx-plus'>

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
export const proposedRelease = (name: keyof typeof products): string => products[name].proposed
