import { expect, test } from 'vitest'
import type { ConfigFiles } from '../../../src/core/dialects/dialect.ts'
import type { CheckInput, PlannedCheck } from '../../../src/core/validate/check.ts'
import { planHaproxyBase } from '../../../src/core/validate/haproxy-base.ts'
import { planHttpdBase } from '../../../src/core/validate/httpd-base.ts'
import { readBuild } from '../../../src/core/validate/nginx/build.ts'
import { planNginxBase } from '../../../src/core/validate/nginx/plan-base.ts'
import { compileText, configOf } from '../../support/compile.ts'
import { clusterOf } from './cluster-of.ts'

type Target = 'nginx' | 'haproxy' | 'httpd'

/** The main file, and two files of one name: the first one has the servers of the spec. */
const configs: Readonly<Record<Target, readonly [main: string, one: string, other: string]>> = {
  nginx: [
    'events { }\nhttp { include one/shop.conf; include other/shop.conf; }\n',
    'upstream shop {\n    server 10.0.0.1:80;\n}\n',
    'map $uri $kept { default 1; }\n',
  ],
  httpd: [
    'Include one/shop.conf\nInclude other/shop.conf\n',
    '<Proxy balancer://shop>\n  BalancerMember http://10.0.0.1:80\n</Proxy>\n',
    'Define KEPT 1\n',
  ],
  haproxy: [
    'global\n    maxconn 9\n',
    'backend shop\n    mode http\n    server a 10.0.0.1:80\n',
    'backend kept\n    mode http\n    server k 10.0.0.9:80\n',
  ],
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const configFor = (target: Target): ConfigFiles => {
  const [main, one, other] = configs[target]
  const others = { 'one/shop.conf': bytes(one), 'other/shop.conf': bytes(other) }
  return configOf('main.conf', bytes(main), others)
}

const versions: Readonly<Record<Target, string>> = { nginx: '1.30.3', haproxy: '3.0', httpd: '2.4' }

const specFor = (target: Target): string =>
  JSON.stringify({
    version: 1,
    name: 'shop',
    targets: { [target]: { version: versions[target], base: 'main.conf' } },
    upstreams: { shop: { servers: { a: '10.0.0.1:80', b: '10.0.0.2:80' } } },
  })

const planFor = (name: Target, input: CheckInput): PlannedCheck | string => {
  const [target] = input.cluster.targets
  const base = 'main.conf'
  const tool = { product: name, version: versions[name], program: name, answer: '' }
  if (target?.dialect === 'haproxy') return planHaproxyBase(input, { ...target, base }, tool)
  if (target?.dialect === 'httpd') return planHttpdBase(input, { ...target, base }, tool, null)
  const build = readBuild('nginx version: nginx/1.30.3\nconfigure arguments:\n')
  if (target === undefined || build === null) throw new Error('the spec has no target')
  return planNginxBase(input, { ...target, base }, tool, build)
}

test.each(['nginx', 'httpd', 'haproxy'] as const)(
  'in the check of %s, an edited file replaces itself, not another file of its name',
  (name) => {
    const inputs = new Map([['main.conf', configFor(name)]])
    const { artifacts } = compileText(specFor(name), inputs)
    expect(artifacts.map(({ path, source }) => [path, source])).toEqual([
      [`${name}/shop.conf`, 'one/shop.conf'],
    ])
    const cluster = clusterOf(specFor(name))
    const planned = planFor(name, { cluster, inputs, artifacts, folder: '/stage', isRoot: false })
    if (typeof planned === 'string') throw new Error(planned)
    const texts = planned.check.files.map(({ content }) => Buffer.from(content).toString())
    expect(texts.filter((text) => text.includes('10.0.0.2:80'))).toHaveLength(1)
    expect(texts.filter((text) => /kept/i.test(text))).toHaveLength(1)
  },
)
