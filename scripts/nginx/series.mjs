// patches/nginx/series.json: what to do to a release before it compiles and knows `srun_id=`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { patchesDir } from './digest.mjs'

/** Negative, zero or positive, as of numbers: 1.9.15 comes after 1.9.2. */
export const compareVersions = (a, b) => {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const covers = ({ from, through }, version) =>
  (from === null || compareVersions(version, from) >= 0) &&
  (through === null || compareVersions(version, through) <= 0)

const series = () => {
  const file = join(patchesDir, 'series.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { patches: [], flags: [] }
}

/** The patch files of a kind ("hook" or "compat") for a release, in their order. */
export const patchesFor = (version, kind) =>
  series()
    .patches.filter((patch) => patch.kind === kind && covers(patch, version))
    .map(({ file, strip }) => ({ file: join(patchesDir, file), strip }))

/** What the compiler has to be told about a release, besides nginx's own flags. */
export const flagsFor = (version, compiler) =>
  series()
    .flags.filter((flag) => flag.compilers.includes(compiler) && covers(flag, version))
    .map(({ flag }) => flag)
