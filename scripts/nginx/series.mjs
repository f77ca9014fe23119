// patches/nginx/series.json: what to do to a release before it compiles and knows `srun_id=`.
import { readFileSync } from 'node:fs'
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
  compareVersions(version, from) >= 0 &&
  (through === null || compareVersions(version, through) <= 0)

const series = () => JSON.parse(readFileSync(join(patchesDir, 'series.json'), 'utf8'))

/** The patches of a kind ("hook" or "compat") for a release, in their order. */
export const patchesFor = (version, kind) =>
  series()
    .patches.filter((patch) => patch.kind === kind && covers(patch, version))
    .map(({ id, file, strip }) => ({ id, file: join(patchesDir, file), strip }))

/** What releases before `fixedIn` need to compile with today's compilers and OpenSSL 3. */
const flags = [
  { flag: '-Wno-error=implicit-fallthrough', fixedIn: '1.13.1', compilers: ['gcc'] },
  { flag: '-Wno-error=cast-function-type', fixedIn: '1.15.0', compilers: ['gcc'] },
  { flag: '-Wno-error=deprecated-declarations', fixedIn: '1.21.2', compilers: ['gcc', 'clang'] },
]

/** What the compiler has to be told about a release, besides nginx's own flags. */
export const flagsFor = (version, compiler) =>
  flags
    .filter(
      ({ fixedIn, compilers }) =>
        compilers.includes(compiler) && compareVersions(version, fixedIn) < 0,
    )
    .map(({ flag }) => flag)
