// How the time grows with the number of servers, and how another generator does on the same spec.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diff, generate, inTemporaryFolder, nothing, pairsWanted } from './command-line.mjs'
import { paired } from './paired.mjs'
import { judge, printTable } from './report.mjs'
import { rival, rivalName } from './rival.mjs'
import { spec } from './specs.mjs'

const pairs = pairsWanted(12)
const few = 1_000
const many = 10_000

/** @param {string} file */
const serverLines = (file) => readFileSync(file, 'utf8').match(/^ +server \S/gm)?.length ?? 0

/** @param {string} folder with one configuration file, at whatever depth */
const configurationIn = (folder) => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return join(folder, names.find((name) => /\.(conf|cfg)$/.test(name)) ?? 'none')
}

/** A generator that writes less is no rival. @param {string} file @param {number} servers */
const expectServers = (file, servers) => {
  const lines = serverLines(file)
  if (lines !== servers) throw new Error(`${file} has ${lines} servers instead of ${servers}`)
}

/** @param {string} folder @param {import('./specs.mjs').Target} target */
const rowsOf = (folder, target) => {
  const [small, large] = [few, many].map((servers) => {
    const file = join(folder, `${target}-${servers}.yaml`)
    writeFileSync(file, spec(target, servers))
    return { file, out: join(folder, `${target}-${servers}`), servers }
  })
  const changed = join(folder, `${target}-${many}-changed.yaml`)
  writeFileSync(changed, spec(target, many + 1))
  const rivalOut = join(folder, `${target}-rival.${target === 'nginx' ? 'conf' : 'cfg'}`)
  const generateSmall = generate(small.file, small.out)
  const generateLarge = generate(large.file, large.out)
  const rows = [
    {
      what: `${target}: ${many} / ${few} servers`,
      result: paired(generateLarge, generateSmall, pairs),
      limit: 11,
    },
    {
      what: `${target}: diff of two specs of ${many} servers / generate of one`,
      result: paired(diff(large.file, changed), generateLarge, pairs),
      // 1.5 times the time of generating both.
      limit: 3,
    },
    {
      what: `${target}: ${many} servers / the other generator`,
      result: paired(generateLarge, rival(large.file, target, rivalOut), pairs),
      limit: null,
    },
  ]
  expectServers(configurationIn(small.out), few)
  expectServers(configurationIn(large.out), many)
  expectServers(rivalOut, many)
  return rows
}

inTemporaryFolder((folder) => {
  const rows = [...rowsOf(folder, 'nginx'), ...rowsOf(folder, 'haproxy')]
  printTable(`Scale, ${pairs} pairs; the other generator: ${rivalName}`, rows)
  judge(rows)
  const idle = paired(nothing, nothing, pairs).a.wall
  const growth = rows
    .filter(({ limit }) => limit === 11)
    .map(
      ({ what, result: { a, b } }) => `${what}: ${((a.wall - idle) / (b.wall - idle)).toFixed(2)}`,
    )
  process.stdout.write(
    `Less the start of node (${idle.toFixed(1)} ms each):\n${growth.join('\n')}\n`,
  )
})
