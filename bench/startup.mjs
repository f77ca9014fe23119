// How much longer sessctl takes than a node that does nothing.
import { join } from 'node:path'
import {
  fixture,
  generate,
  inTemporaryFolder,
  nothing,
  pairsWanted,
  sessctlArgv,
} from './command-line.mjs'
import { paired } from './paired.mjs'
import { judge, printTable } from './report.mjs'

const pairs = pairsWanted(40)

/** Node.js 22 and later start in less time themselves; there the compile cache helps sessctl. */
const limits =
  Number(process.versions.node.split('.')[0]) < 22
    ? { version: 1.9, generate: 3.5 }
    : { version: 5, generate: 5 }

inTemporaryFolder((folder) => {
  const version = { name: 'sessctl --version', argv: sessctlArgv(['--version']) }
  const rendering = generate(fixture('jvm-route.yaml'), join(folder, 'out'))
  const rows = [
    {
      what: 'sessctl --version / node -e 0',
      result: paired(version, nothing, pairs),
      limit: limits.version,
    },
    {
      what: 'sessctl generate jvm-route.yaml / node -e 0',
      result: paired(rendering, nothing, pairs),
      limit: limits.generate,
    },
    // The same command on both sides: what is left of 1 here is noise.
    { what: 'node -e 0 / node -e 0', result: paired(nothing, nothing, pairs), limit: null },
  ]
  printTable(`Start-up, ${pairs} pairs`, rows)
  judge(rows)
})
