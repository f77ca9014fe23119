#!/usr/bin/env node
// Builds every nginx that the tests of the module start, from the sources and with the compilers of
// scripts/install-servers. What is built already from the same bytes is not built again. What cannot be
// built is named, with the reason; its tests are skipped.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { buildsDigest } from './nginx/digest.mjs'
import {
  hasDistributionPatches,
  makeDynamic,
  makeForDistribution,
  makeStatic,
  moduleIsThere,
} from './nginx/modules.mjs'
import { buildsDir, headers, installed, sources, whyMissing } from './nginx/places.mjs'
import { eachAtMost } from './nginx/run.mjs'
import { makeTree } from './nginx/trees.mjs'
import { releases, trees, variants, variantsOf } from './nginx/variants.mjs'

const usage = `usage: scripts/build-test-nginx.mjs [RELEASE[:VARIANT]...]

Builds the variants of nginx that the tests start, e.g. 1.22 (all of that release) or 1.22:static;
without arguments all of them, below $SESSCTL_SERVERS/nginx-builds. A second run does nothing.

variants: ${Object.keys(variants).join(' ')}
exit code: 0 done, what could not be built is named; 2 usage
`

const print = (text) => process.stdout.write(`${text}\n`)

const days = 24 * 60 * 60 * 1000

/** What no run has used for a week, and what killed runs left. */
const sweep = () => {
  for (const [kind, age] of [
    ['trees', 7],
    ['variants', 7],
    ['index', 7],
    ['cc-memory', 7],
    ['work', 1],
  ]) {
    const dir = join(buildsDir(), kind)
    for (const name of existsSync(dir) ? readdirSync(dir) : []) {
      const old = Date.now() - statSync(join(dir, name)).mtimeMs > age * days
      if (old) rmSync(join(dir, name), { recursive: true, force: true })
    }
  }
}

const modulesIn = (place) => {
  const dir = join(place, 'modules')
  return readdirSync(dir).map((name) => join(dir, name))
}

/** Makes what a variant needs: `{ version, command, modules }`. */
const build = async (source, name) => {
  const { tree, module, moduleTree = tree } = variants[name]
  if (tree === 'distribution') {
    const nginx = installed().get(`nginx-${source.short}`)
    const modules = modulesIn(await makeForDistribution(source, nginx))
    return { version: nginx.version, command: nginx.path, modules }
  }
  const { version } = source
  if (module === 'static') {
    return { version, command: join(await makeStatic(source, tree), 'nginx'), modules: [] }
  }
  const command = join(await makeTree(source, tree), 'objs', 'nginx')
  if (module === undefined) return { version, command, modules: [] }
  return { version, command, modules: modulesIn(await makeDynamic(source, moduleTree)) }
}

const script = 'scripts/install-servers'

/** Why a variant cannot be built here, or null. */
const whyNot = (source, name) => {
  const { short, version } = source
  const { tree, module } = variants[name]
  if (!installed().has('toolchain')) return whyMissing('toolchain', script)
  if (module !== undefined && !moduleIsThere()) return 'no module in module/'
  if (tree !== 'distribution') {
    return source.tarball === undefined ? whyMissing(`nginx-source-${short}`, script) : null
  }
  const packaged = installed().get(`nginx-${short}`)
  if (packaged === undefined) return whyMissing(`nginx-${short}`, script)
  if (source.headers?.version === packaged.version) return null
  const isSource = version === packaged.version && source.tarball !== undefined
  return isSource && hasDistributionPatches(source)
    ? null
    : whyMissing(`nginx-headers-${short}`, script)
}

const record = (short, name, entry) => {
  const dir = join(buildsDir(), 'index', buildsDigest())
  const file = join(dir, `${short}-${name}.json`)
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(entry)}\n`)
  renameSync(`${file}.${process.pid}`, file)
}

/** The first complaint of a compiler, else the end of what was printed. */
const excerpt = ({ message }) => {
  const log = /see (.*)$/.exec(message)?.[1]
  if (log === undefined || !existsSync(log)) return ''
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  const first = lines.findIndex((line) => /\berror\b|FAILED|\*\*\*/.test(line))
  return (first < 0 ? lines.slice(-10) : lines.slice(first, first + 10))
    .map((line) => `    ${line}\n`)
    .join('')
}

/** All that is known of each release: `{ short, version, tarball, headers }`, what there is of it. */
const known = () => {
  const [found, packaged] = [sources(), headers()]
  return [...new Set([...releases, ...found.keys(), ...packaged.keys()])].map((short) => {
    const own = packaged.get(short)
    return { short, version: own?.version, ...found.get(short), headers: own }
  })
}

const wantedJobs = (words) => {
  const all = known()
    .sort((a, b) => a.short.localeCompare(b.short, 'en', { numeric: true }))
    .flatMap((source) => variantsOf(source.short).map((name) => ({ source, name })))
  if (words.length === 0) return { jobs: all, unknown: [] }
  const means =
    (word) =>
    ({ source, name }) =>
      [source.short, `${source.short}:${name}`].includes(word)
  return {
    jobs: all.filter((job) => words.some((word) => means(word)(job))),
    unknown: words.filter((word) => !all.some(means(word))),
  }
}

/** The trees that these jobs build on, each once; those that are made from others come last. */
const neededTrees = (jobs) => {
  const found = new Map()
  for (const { source, name } of jobs.filter((job) => whyNot(job.source, job.name) === null)) {
    const { tree, moduleTree } = variants[name]
    for (const each of [tree, moduleTree]) {
      if (each in trees) found.set(`${source.short} ${each}`, { source, tree: each })
    }
  }
  const all = [...found.values()]
  return [all.filter(({ tree }) => tree !== 'hook'), all.filter(({ tree }) => tree === 'hook')]
}

const main = async (words) => {
  if (words.includes('--help')) return print(usage)
  const { jobs, unknown } = wantedJobs(words)
  if (unknown.length > 0) {
    process.stderr.write(`build-test-nginx: no ${unknown.join(', ')}\n${usage}`)
    process.exitCode = 2
    return
  }
  sweep()
  const failures = new Set()
  const failed = (what, error) => {
    if (!failures.has(error.message))
      print(`failed      ${what}: ${error.message}\n${excerpt(error)}`)
    failures.add(error.message)
  }
  for (const round of neededTrees(jobs)) {
    await eachAtMost(2, round, ({ source, tree }) =>
      makeTree(source, tree).catch((error) => failed(`nginx ${source.version} ${tree}`, error)),
    )
  }
  const skipped = new Map()
  await eachAtMost(2, jobs, async ({ source, name }) => {
    const what = `nginx ${source.version ?? source.short} ${name}`
    const reason = whyNot(source, name)
    if (reason !== null) {
      record(source.short, name, { missing: reason })
      skipped.set(reason, [...(skipped.get(reason) ?? []), what])
      return
    }
    try {
      record(source.short, name, await build(source, name))
      print(`ready       ${what}`)
    } catch (error) {
      record(source.short, name, { missing: `${what} could not be built: ${error.message}` })
      failed(what, error)
    }
  })
  for (const [reason, names] of skipped) print(`skipped     ${names.join(', ')}: ${reason}`)
}

await main(process.argv.slice(2))
