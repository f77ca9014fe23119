import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { followed } from '../../../src/commands/diff/prove/traffic.ts'
import { allocatePorts, type LabEnvironment } from '../../../src/core/lab/environment.ts'
import { type LabPlan, planWithoutContents } from '../../../src/core/lab/plan.ts'
import type { LabTools } from '../../../src/core/lab/tools.ts'
import type { Target } from '../../../src/core/model/target.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { directly, groupsOf, modelClients, throughCdn } from '../../../src/core/prove/population.ts'
import { foreignPorts } from '../../../src/core/prove/ports.ts'
import { isSameProcess, portOf, stepsBetween } from '../../../src/core/prove/steps.ts'
import { impactFor, pairsIn, review, sideOf } from '../../../src/core/review/index.ts'
import type { ReviewSide } from '../../../src/core/review/side.ts'
import { readBuild } from '../../../src/core/validate/nginx/build.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/reviews/', import.meta.url))
const names = readdirSync(fixtures)

const compiled = (name: string, side: string): Compilation => {
  const text = readFileSync(join(fixtures, name, `${side}.yaml`), 'utf8')
  return compile(resolveSpec(readSpec(`${side}.yaml`, text), {}), insideOnly(new Map()), null)
}

const tool = { product: 'Redis', version: '7.0.15', program: '/bin/x', answer: 'version "21.0.2"' }

const balancerFor = (target: Target): LabTools['balancer'] => {
  const found = { ...tool, version: target.version.text }
  if (target.dialect === 'haproxy') return { target, tool: { ...found, product: 'HAProxy' } }
  if (target.dialect === 'httpd')
    return { target, tool: { ...found, product: 'httpd' }, modulesFolder: '/modules' }
  const modules = [...target.modules].map(() => ' --add-module=/src/jvm_route')
  const build = readBuild(
    `nginx version: nginx/${target.version.text}\nconfigure arguments: --prefix=/x${modules.join('')}\n`,
  )
  if (build === null) throw new Error('no build')
  return { target, tool: { ...found, product: 'nginx' }, build, load: [] }
}

/** Programs of the releases in the spec, with Tomcats or without. */
const toolsFor = ({ cluster }: Compilation, hasTomcats: boolean): LabTools => {
  const [target] = cluster?.targets ?? []
  if (target === undefined) throw new Error('no target')
  return {
    balancer: balancerFor(target),
    appOf: ({ app }) =>
      hasTomcats && app.runtime === 'tomcat'
        ? {
            runtime: 'tomcat',
            tool: { ...tool, product: 'Tomcat', version: app.version.text, home: '/t' },
            jars: {},
          }
        : null,
    redis: tool,
    memcached: null,
    postgres: null,
    node: 'node',
  }
}

const plansOf = (name: string, hasTomcats: boolean) => {
  const environment: LabEnvironment = {
    folder: '/lab',
    host: '127.80.1.2',
    ports: allocatePorts(20_000),
    isRoot: false,
    protectsStores: true,
    password: 'p',
    key: '0123456789abcdef0123456789abcdef',
  }
  const sideIn = (side: 'before' | 'after') => {
    const compilation = compiled(name, side)
    const { cluster, files, spec } = compilation
    const applications = { tomcat: [], spring: [], php: [], django: [], sessionServer: '' }
    const tools = toolsFor(compilation, hasTomcats)
    if (cluster === null || spec === null) throw new Error('no cluster')
    const plan = planWithoutContents(cluster, files, null, tools, applications, environment)
    if (typeof plan === 'string') throw new Error(plan)
    const lab: ReviewSide = { spec, cluster: plan.cluster, artifacts: plan.artifacts }
    const own = sideOf(compilation)
    if (own === null) throw new Error('errors')
    return { plan, lab, own }
  }
  return { before: sideIn('before'), after: sideIn('after') }
}

const stepsOf = (before: LabPlan, after: LabPlan) => {
  const foreign = foreignPorts(pairsIn({ before: before.cluster, after: after.cluster }))
  const { added, replaced, removed } = stepsBetween(before.servers, after.servers, foreign)
  return {
    added: added.map((one) => one.name),
    restarted: replaced.map(({ starts }) => starts.name),
    removed,
  }
}

describe.each(names)('%s', (name) => {
  const { before, after } = plansOf(name, true)
  const said = review(before.own, after.own)

  test('restarts in the lab what the review says', () => {
    const { restarted } = stepsOf(before.plan, after.plan)
    const moved = name === 'address-changed-same-route' ? ['Tomcat app1'] : []
    expect([...moved, ...said.verdict.restarts.filter((one) => one.startsWith('Tomcat'))]).toEqual(
      restarted.map((one) => `Tomcat ${one}`),
    )
  })

  test('changes the balancer in the lab if the review says that it is reloaded or restarted', () => {
    const isSame = isSameProcess(before.plan.balancer, after.plan.balancer)
    const proxies = ['nginx', 'HAProxy', 'httpd']
    const named = [...said.verdict.reloads, ...said.verdict.restarts].some((one) =>
      proxies.includes(one),
    )
    // Clients of the lab are on loopback: it leaves `allow` out.
    expect(isSame).toBe(!named || name === 'cdn-without-client-address')
  })

  test('has the same addresses on both sides, and clients that can be followed', () => {
    const [pair] = pairsIn({ before: before.plan.cluster, after: after.plan.cluster })
    if (pair === undefined) throw new Error('no upstream')
    expect(followed(pair, { before: before.plan, after: after.plan }).reason).toBe(null)
    const ports = new Set(before.plan.servers.map(portOf))
    const kept = after.plan.servers.filter((server) => ports.has(portOf(server)))
    const common = Math.min(before.plan.servers.length, after.plan.servers.length)
    expect(kept.length).toBe(name === 'address-changed-same-route' ? common - 1 : common)
  })

  test('is predicted for the clients of the lab about as for those of the review', () => {
    const { busy, waiting } = groupsOf(8000)
    const [predicted] = impactFor({ before: before.lab, after: after.lab }, (shape) => ({
      clients: modelClients([...busy, ...waiting], shape === 'cdn' ? throughCdn : directly, true),
      busy: busy.length,
    }))
    const [own] = said.impact
    // The ring of three servers depends on their addresses.
    const near = name === 'server-added-consistent-hash' ? 0.15 : 0.05
    expect(Math.abs((predicted?.moved ?? 0) - (own?.moved ?? 0))).toBeLessThan(near)
    expect(Math.abs((predicted?.lost ?? 0) - (own?.lost ?? 0))).toBeLessThan(near)
  })
})

test('the built-in session server restarts where a Tomcat would', () => {
  for (const name of names) {
    const [real, builtIn] = [true, false].map((hasTomcats) => {
      const { before, after } = plansOf(name, hasTomcats)
      return stepsOf(before.plan, after.plan)
    })
    // Its sessions are in no store, which is why their loss is not measured there.
    const isOfStore = ['local-to-redisson', 'redis-key-prefix-changed', 'server-removed-backup']
    if (!isOfStore.includes(name)) expect([name, builtIn]).toEqual([name, real])
  }
})
