import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { codeAreas } from '../../../src/core/catalogue.ts'
import { hasErrors } from '../../../src/core/diagnostics/diagnostic.ts'
import { type Choice, formOf } from '../../../src/core/dialects/choice.ts'
import { type Alternative, alternativesOf } from '../../../src/core/explain/alternatives.ts'
import { choicesFor, explain } from '../../../src/core/explain/explain.ts'
import type { Cluster, Upstream } from '../../../src/core/model/cluster.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { compilationOf } from '../../support/cases.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url))

/** Errors of the languages that sessctl writes, each with a spec that has it. */
const refusals = codeAreas
  .filter(({ page }) =>
    /^(nginx|haproxy|httpd|tomcat|spring|php|django|session-stores)\./.test(page),
  )
  .flatMap(({ codes }) => Object.entries(codes))
  .flatMap(([code, { severity }]) => (severity === 'error' ? [code] : []))
  .filter((code) => existsSync(fixture(`rules/${code}/bad.yaml`)))

/** Only the author of the spec knows the right value: the help says what it must be like. */
const inWords = new Set([
  'memcached-node',
  'tomcat-encryption-key',
  'tomcat-placeholder',
  'tomcat-store-text',
  'redisson-truststore',
  'spring-text',
  'php-cookie',
  'php-memcached-address',
  'php-secret',
  'php-text',
  'django-address',
])

const isRefused = (choice: Choice): boolean => formOf(choice) === null

interface Refused {
  readonly upstream: Upstream
  readonly choices: readonly Choice[]
}

const refusedIn = (cluster: Cluster): readonly Refused[] =>
  cluster.upstreams.flatMap((upstream) => {
    const choices = choicesFor(cluster, upstream).filter(isRefused)
    return choices.length === 0 ? [] : [{ upstream, choices }]
  })

const clusterOf = ({ insideCluster }: Compilation): Cluster => {
  if (insideCluster === null) throw new Error('the spec is invalid')
  return insideCluster
}

/** Whether a spec has an upstream that a dialect refuses, before its files are read. */
const refuses = (code: string): boolean => {
  const text = readFileSync(fixture(`rules/${code}/bad.yaml`))
  const { cluster } = resolveSpec(readSpec('bad.yaml', text), {})
  return cluster !== null && refusedIn(cluster).length > 0
}

const mapAt = (data: object, path: string): object =>
  path.split('.').reduce((map, key) => {
    const below: unknown = Reflect.get(map, key)
    if (typeof below !== 'object' || below === null) throw new Error(`${path} is no map`)
    return below
  }, data)

/** The spec after a reader followed the two lines. */
const applied = (spec: unknown, { path, line }: Alternative): string => {
  const copy = parse(stringify(spec)) as object
  const map = mapAt(copy, path.join('.'))
  const [, removed] = /^remove (\w+)/.exec(line) ?? []
  if (removed === undefined) Object.assign(map, parse(line))
  else expect(Reflect.has(map, removed) && Reflect.deleteProperty(map, removed)).toBe(true)
  return stringify(copy)
}

const compiledAs = (before: Compilation, text: string): Compilation =>
  compile(resolveSpec(readSpec('sessctl.yaml', text), {}), before.files, null)

describe('where a dialect refuses an upstream', () => {
  test.each(refusals.filter(refuses))(
    '%s: two lines make it possible, or words say how',
    (code) => {
      const before = compilationOf(fixture(`rules/${code}`), 'bad.yaml')
      const cluster = clusterOf(before)
      for (const { upstream, choices } of refusedIn(cluster)) {
        const better = alternativesOf(before, cluster, upstream, [])
        for (const { considered } of choices)
          expect(considered.map(({ refusal }) => refusal)).not.toEqual([])
        const [last] = choices.flatMap(({ considered }) => considered.slice(-1))
        if (inWords.has(code)) expect([better, typeof last?.remedy]).toEqual([[], 'string'])
        else expect(better).not.toEqual([])
        for (const each of better) {
          const after = compiledAs(before, applied(before.written, each))
          expect(hasErrors(after.diagnostics), each.line).toBe(false)
          expect(refusedIn(clusterOf(after)), each.line).toEqual([])
          const forms = clusterOf(after).upstreams.flatMap((one) =>
            choicesFor(clusterOf(after), one).map(formOf),
          )
          for (const { form } of each.enables) expect(forms).toContain(form)
        }
      }
    },
  )
})

/** Specs that can be generated, and whose figures a change improves. */
test.each(['nginx-hash', 'nginx-sticky-cookie-userid'])(
  '%s: the spec with the two lines is generated, has the figures, and does not get them again',
  (name) => {
    const before = compilationOf(fixture(`cases/${name}`))
    const [upstream] = explain([], before, clusterOf(before)).upstreams
    expect(upstream?.better).not.toEqual([])
    for (const better of upstream?.better ?? []) {
      const after = compiledAs(before, applied(before.written, better))
      expect(hasErrors(after.diagnostics), better.line).toBe(false)
      const [now] = explain([], after, clusterOf(after)).upstreams
      expect(now?.better.map(({ line }) => line)).not.toContain(better.line)
      const [costs] = now?.costs ?? []
      for (const gain of better.gains)
        expect(costs === undefined ? null : gain.measure.of(costs.costs)).toBe(gain.after)
    }
  },
)
