#!/usr/bin/env node
// Asks the registry for security advisories on exactly the bundled packages. `npm audit` cannot do this
// in the repository: all packages are development dependencies, bundled or not.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `usage: scripts/audit-bundled.mjs [--require] [FILE]

Audits the packages in FILE (default: dist/bundled.json, which the build writes), with npm and at the
registry that npm is configured for. Where the registry does not answer, the audit is skipped and the
reason printed, unless --require is given.

exit code: 0 nothing severe, or skipped; 1 an advisory of severity high or critical; 2 usage;
3 the registry does not answer (--require)
`

const root = fileURLToPath(new URL('..', import.meta.url))
const severe = new Set(['high', 'critical'])

/** Packages by name; those of another version of the same name come in the next round. */
const roundsOf = (packages) => {
  const rounds = []
  for (const one of packages) {
    const free = rounds.find((round) => !round.has(one.name))
    if (free === undefined) rounds.push(new Map([[one.name, one.version]]))
    else free.set(one.name, one.version)
  }
  return rounds
}

/** A project that depends on these versions, as npm reads it without installing anything. */
const projectOf = (round) => {
  const project = { name: 'bundled', version: '0.0.0', dependencies: Object.fromEntries(round) }
  const packages = [...round].map(([name, version]) => [`node_modules/${name}`, { version }])
  const lock = {
    ...{ name: project.name, version: project.version, lockfileVersion: 3, requires: true },
    packages: { '': project, ...Object.fromEntries(packages) },
  }
  return { 'package.json': project, 'package-lock.json': lock }
}

/** What npm says on standard output, as an object; without JSON the reason why there is none. */
const npmAudit = (cwd) => {
  const args = ['audit', '--json', '--fetch-retries', '1']
  const { error, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' })
  if (error !== undefined) return { message: `npm: ${error.message}` }
  try {
    return JSON.parse(stdout)
  } catch {
    return { message: stderr.trim().split('\n').at(-1) || 'npm says nothing' }
  }
}

/** Advisories on the packages of a round; a text says why there are none to be had. */
const advisoriesOn = (round) => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-audit-'))
  try {
    for (const [file, content] of Object.entries(projectOf(round)))
      writeFileSync(join(folder, file), JSON.stringify(content))
    // The repository may name a registry.
    const settings = join(root, '.npmrc')
    if (existsSync(settings)) copyFileSync(settings, join(folder, '.npmrc'))
    const { vulnerabilities, message, error } = npmAudit(folder)
    if (vulnerabilities === undefined) return message ?? error?.summary ?? 'npm gave no report'
    return Object.values(vulnerabilities).flatMap(({ name, via }) =>
      via
        // A text is the name of a dependency, which has an entry of its own.
        .filter((one) => typeof one === 'object')
        .map(({ severity, title, url }) => ({
          ...{ name, version: round.get(name), severity, title, url },
        })),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const print = (text) => void process.stdout.write(`${text}\n`)

/** @returns the exit code */
const audit = (packages, isRequired) => {
  const advisories = []
  for (const round of roundsOf(packages)) {
    const answer = advisoriesOn(round)
    if (typeof answer === 'string') {
      print(`skipped: the advisories on what is bundled: ${answer}`)
      return isRequired ? 3 : 0
    }
    advisories.push(...answer)
  }
  for (const { name, version, severity, title, url } of advisories)
    print(`${severity}: ${name} ${version}: ${title} (${url})`)
  const bad = advisories.filter(({ severity }) => severe.has(severity))
  print(
    `${packages.length} bundled packages, ${advisories.length} advisories, ${bad.length} of them high or critical`,
  )
  return bad.length > 0 ? 1 : 0
}

const readList = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    process.stderr.write(
      `audit-bundled: cannot read ${file}: ${error.message}; run npm run build\n`,
    )
    return null
  }
}

const main = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { require: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const packages = readList(positionals[0] ?? join(root, 'dist', 'bundled.json'))
  return packages === null ? 2 : audit(packages, values.require)
}

process.exitCode = main()
