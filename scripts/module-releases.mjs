#!/usr/bin/env node
// The table of docs/module-releases.md: every release of nginx × does the series apply × does the
// module compile × does it work. From a git repository of nginx; what is known already is kept.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { moduleDigest } from './nginx/digest.mjs'
import { repository } from './nginx/places.mjs'
import { isSince, tryPatches, tryRelease, tryWholeRelease } from './nginx/release.mjs'
import { releasesPage } from './nginx/releases-page.mjs'
import { eachAtMost } from './nginx/run.mjs'
import { compareVersions } from './nginx/series.mjs'

const usage = `usage: scripts/module-releases.mjs [options] GIT

Tries the patches and the module on every release of nginx from 1.8.1 on that the git repository
GIT (of nginx) has as a tag, and writes docs/module-releases.md.

  --only VERSION[,VERSION…]  these releases; nothing is written
  --results FILE             one JSON object a line; what is in it for today's module is not tried again
  --jobs N                   how many at a time (2)
  --patches                  only whether the patches apply
  --page                     tries nothing: writes the page from the results, as far as they go

CCACHE_COMMAND=ccache makes it faster.
exit code: 0 all releases are good, 1 some are not, 2 usage
`

const oldest = '1.8.1'

const git = (dir, ...args) =>
  execFileSync('git', ['-C', dir, ...args], { encoding: 'buffer', maxBuffer: 1 << 28 })

const releasesIn = (dir) =>
  git(dir, 'tag', '--list', 'release-*')
    .toString()
    .split('\n')
    .map((tag) => /^release-(\d+\.\d+\.\d+)$/.exec(tag)?.[1])
    .filter((version) => version !== undefined && compareVersions(version, oldest) >= 0)
    .sort(compareVersions)

const unpackFrom = (dir, version) => (into) =>
  execFileSync('tar', ['-x', '-C', into], { input: git(dir, 'archive', `release-${version}`) })

const minorOf = (version) => version.split('.').slice(0, 2).join('.')

/** The last release of each minor version is built whole too; by clang as well where that may differ. */
const jobsFor = (versions) => {
  const last = new Map(versions.map((version) => [minorOf(version), version]))
  const whole = [...last.values()].filter((version) => isSince(version, 'ssl'))
  const byClang = whole.filter((version) => ['1.10', '1.22', '1.31'].includes(minorOf(version)))
  return [
    ...versions.map((version) => ({ kind: 'patches', version, compiler: 'none' })),
    ...versions.map((version) => ({ kind: 'parts', version, compiler: 'gcc' })),
    ...whole.map((version) => ({ kind: 'whole', version, compiler: 'gcc' })),
    ...byClang.map((version) => ({ kind: 'whole', version, compiler: 'clang' })),
  ]
}

const known = (file) =>
  file !== undefined && existsSync(file)
    ? readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

const isGood = (result) =>
  Object.entries(result).every(([key, value]) =>
    key === 'patches'
      ? value.every(({ applies }) => applies)
      : !/^(static|dynamic|unpatched|whole)/.test(key) || value === 'yes',
  )

const tell = (result) => {
  const bad = Object.entries(result).filter(([key]) => !isGood({ [key]: result[key] }))
  const text = bad.map(([key, value]) => `\n    ${key}: ${JSON.stringify(value)}`).join('')
  process.stdout.write(
    `${bad.length === 0 ? 'good' : 'BAD '}  ${result.version} ${result.kind} ${result.compiler}${text}\n`,
  )
}

const trials = { patches: tryPatches, parts: tryRelease, whole: tryWholeRelease }

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      results: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      patches: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [dir] = positionals
  if (values.help || dir === undefined) {
    process.stdout.write(usage)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const only = values.only?.split(',')
  const versions = releasesIn(dir).filter((version) => only?.includes(version) ?? true)
  const module = moduleDigest()
  const before = known(values.results)
  const earlier = (job) =>
    before.findLast((result) =>
      ['kind', 'version', 'compiler'].every((key) => result[key] === job[key]),
    )
  // For the page anything that was seen; else what was seen of the module as it is.
  const resultOf = (job) => {
    const result = earlier(job)
    return values.page || result?.module === module ? result : undefined
  }
  const all = jobsFor(versions).filter(({ kind }) => !values.patches || kind === 'patches')
  const jobs = values.page ? all.filter((job) => resultOf(job) !== undefined) : all
  const results = await eachAtMost(Number(values.jobs), jobs, async (job) => {
    const same = resultOf(job)
    if (same !== undefined) return same
    const { kind, version, compiler } = job
    const unpack = unpackFrom(dir, version)
    const tried = await trials[kind](version, unpack, compiler)
    const result = { kind, module, ...tried }
    if (values.results !== undefined) appendFileSync(values.results, `${JSON.stringify(result)}\n`)
    tell(result)
    return result
  })
  if (only === undefined && !values.patches) {
    const page = join(repository, 'docs', 'module-releases.md')
    writeFileSync(page, releasesPage(readFileSync(page, 'utf8'), results, module))
  }
  process.exitCode = results.every(isGood) ? 0 : 1
}

await main()
