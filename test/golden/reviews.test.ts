import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compareSpecs } from '../../src/commands/diff/comparison.ts'
import { compareFiles } from '../../src/core/diff/compare.ts'
import { placedReview } from '../../src/core/diff/placed.ts'
import { insideOnly } from '../../src/core/outside.ts'
import { type Compilation, compile, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { review, sideOf } from '../../src/core/review/index.ts'
import { percent } from '../../src/core/review/shares.ts'
import { reviewMarkdown } from '../../src/report/review/markdown.ts'
import { type ReviewReport, verdictText } from '../../src/report/review/report.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/reviews/', import.meta.url))
const pageFile = fileURLToPath(new URL('../../docs/reviews.md', import.meta.url))
const readmeFile = fileURLToPath(new URL('../../README.md', import.meta.url))

/** `npm run goldens` writes them; look at what changed before you commit it. */
const isUpdating = process.env['SESSCTL_UPDATE_GOLDENS'] === '1'

/** In the order of the page. */
const changes: readonly (readonly [name: string, what: string])[] = [
  ['server-added-ip-hash', 'A server is added under `ip_hash`'],
  ['server-added-php', 'The same with PHP, whose sessions are files of each server'],
  ['server-added-hash', 'A server is added under `hash`'],
  ['server-added-consistent-hash', 'A server is added under a consistent hash'],
  ['server-added-jvm-route', 'A server is added under `jvm_route`'],
  ['server-added-sticky-cookie', 'A server is added under a sticky cookie'],
  ['server-removed-local', 'A server is removed; each Tomcat has its own sessions'],
  ['server-removed-backup', 'A server is removed; another Tomcat has a copy of its sessions'],
  ['route-renamed', 'The route of a server is renamed'],
  ['route-renamed-haproxy', 'The same behind HAProxy'],
  ['route-renamed-httpd', 'The same behind httpd'],
  ['address-changed-same-route', 'A server moves to another address and keeps its route'],
  ['wrong-jvm-route', 'The routes of two servers are exchanged'],
  ['cookie-renamed-on-one-side', 'The session cookie is renamed on the side of the proxy only'],
  ['ip-hash-to-jvm-route', '`ip_hash` becomes `jvm_route`'],
  ['local-to-redisson', 'Sessions move from Tomcat to Redis'],
  ['redis-key-prefix-changed', 'The key prefix in Redis changes'],
  ['tomcat-9-to-10.1', 'Tomcat 9 becomes Tomcat 10.1, with sessions in Redis'],
  ['weight', 'A server gets twice the weight under `jvm_route`'],
  ['weight-ip-hash', 'A server gets twice the weight under `ip_hash`'],
  ['drain', 'A server is drained'],
  ['module-to-native', 'nginx 1.26 with the jvm_route module becomes nginx 1.30 without it'],
  ['cdn-without-client-address', 'A CDN is put in front, without `clientAddress`'],
  ['formatting-only', 'The spec is written in another order and layout'],
  ['upstream-renamed', 'An upstream is renamed'],
  ['header-added', 'A header is added to requests'],
]

/** Frighten nobody. */
const harmless = ['formatting-only', 'upstream-renamed', 'header-added']

const compiled = (name: string, file: string): Compilation => {
  const text = readFileSync(join(fixtures, name, file), 'utf8')
  return compile(resolveSpec(readSpec(file, text), {}), insideOnly(new Map()), null)
}

const reportOf = (name: string): ReviewReport => {
  const specs = { before: compiled(name, 'before.yaml'), after: compiled(name, 'after.yaml') }
  const { pairs, secrets, diagnostics } = compareSpecs(specs.before, specs.after)
  const [before, after] = [sideOf(specs.before), sideOf(specs.after)]
  if (before === null || after === null) throw new Error(`${name}: a spec has errors`)
  const files = [...compareFiles(pairs, secrets, 3)]
  return {
    subject: 'after.yaml',
    before: 'before.yaml',
    after: 'after.yaml',
    review: placedReview(review(before, after), specs, files, secrets.spellings),
    proof: null,
    withoutReview: null,
    files,
    unchanged: pairs.length - files.length,
    clusters: { before: before.cluster, after: after.cluster },
    diagnostics,
    notes: [],
    command: 'sessctl diff before.yaml after.yaml',
  }
}

const reports = new Map(changes.map(([name]) => [name, reportOf(name)]))

const expectText = (file: string, text: string): void => {
  if (isUpdating) writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

test('every folder is a change of the page', () => {
  expect(readdirSync(fixtures).sort()).toEqual(changes.map(([name]) => name).sort())
})

describe.each(changes)('%s', (name) => {
  const report = reports.get(name)
  if (report === undefined) throw new Error(name)

  test('both specs can be generated', () => {
    expect(report.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('has the comment that a reviewer reads', () => {
    expectText(join(fixtures, name, 'comment.md'), reviewMarkdown(report))
  })
})

describe.each(harmless)('%s', (name) => {
  test('frightens no reviewer', () => {
    const report = reports.get(name)
    expect(report && verdictText(report)).toBe('No session is lost.')
    expect(report?.review?.risks.filter(({ kind }) => kind !== 'cosmetic')).toEqual([])
    expect(report?.review?.verdict.moved).toBe(0)
  })
})

/** @param up leads from the page to the repository. */
const verdictOf = (name: string, up: string): string => {
  const report = reports.get(name)
  return `[${report === undefined ? '' : verdictText(report)}](${up}fixtures/reviews/${name}/comment.md)`
}

const rowOf = ([name, what]: (typeof changes)[number]): string => {
  const { moved = 0, lost = 0 } = reports.get(name)?.review?.verdict ?? {}
  return `| ${what} | ${verdictOf(name, '../')} | ${percent(moved)} | ${percent(lost)} |`
}

const inReadme: ReadonlySet<string> = new Set([
  'server-added-ip-hash',
  'server-added-jvm-route',
  'cookie-renamed-on-one-side',
  'local-to-redisson',
  'upstream-renamed',
])

test('README.md has some of the verdicts', () => {
  const rows = changes
    .filter(([name]) => inReadme.has(name))
    .map(([name, what]) => `| ${what} | ${verdictOf(name, '')} |`)
  const text = readFileSync(readmeFile, 'utf8').replace(
    /(<!-- reviews -->\n)[\s\S]*?(<!-- \/reviews -->)/,
    (_, start: string, end: string) =>
      [`${start}| change | what \`sessctl diff\` says |`, '|---|---|', ...rows, end].join('\n'),
  )
  expect(rows).toHaveLength(inReadme.size)
  expect(text).toContain(rows[0])
  expectText(readmeFile, text)
})

test('docs/reviews.md has the verdicts', () => {
  const text = [
    '# Reviews of typical changes',
    '',
    'What `sessctl diff` says about changes of a shop with three Tomcats behind nginx, or with what the row names. Each verdict leads to the whole comment, as it is posted to a pull request; the specs are next to it. The shares are those of clients whose next request goes to another server, and of sessions that are lost. [Review what a change does to sessions](how-to/review.md) explains the command.',
    '',
    '| change | verdict | clients that move | sessions lost |',
    '|---|---|---|---|',
    ...changes.map(rowOf),
    '',
  ].join('\n')
  expectText(pageFile, text)
})
