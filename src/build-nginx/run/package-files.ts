import { BuildError } from '../../errors.ts'
import { sha256Hex } from '../core/digest.ts'
import type { ToApply } from '../core/patches/dry-run.ts'
import { parsePatch } from '../core/patches/parse.ts'
import { isProblem } from '../core/patches/patch.ts'
import { parseSeries, type Series, type SeriesPatch } from '../core/patches/series.ts'
import { type Component, signers } from '../core/verify/signers.ts'
import type { BuildWorld } from '../ports/build.ts'

type Package = Pick<BuildWorld, 'disk' | 'packageFolder'>

const damaged = (file: string, what: string): BuildError =>
  new BuildError(`${file} of this package ${what}`, { help: 'install sessctl again' })

const textOf = async ({ disk, packageFolder }: Package, path: string): Promise<string> =>
  Buffer.from(await disk.read(`${packageFolder}/${path}`)).toString('latin1')

const seriesFile = 'patches/nginx/series.json'

/** Which of our patches are for which release. */
export const readSeries = async (own: Package): Promise<Series> => {
  const series = parseSeries(await textOf(own, seriesFile))
  if (series === null) throw damaged(seriesFile, 'is not a valid patch series')
  return series
}

/** One of our own patches, exactly as it was released. */
export const readOwnPatch = async (own: Package, patch: SeriesPatch): Promise<ToApply> => {
  const file = `patches/nginx/${patch.file}`
  const text = await textOf(own, file)
  if (sha256Hex(Buffer.from(text, 'latin1')) !== patch.sha256)
    throw damaged(file, 'does not match series.json')
  const parsed = parsePatch(patch.file, text)
  if (isProblem(parsed)) throw damaged(file, parsed.message)
  return { patch: parsed, level: patch.strip }
}

/** The keys whose signatures count for a component. */
export const readKeys = (own: Package, component: Component): Promise<readonly string[]> =>
  Promise.all(signers[component].map(({ file }) => textOf(own, `keys/${file}`)))

/** Our own module. */
export const ownModuleFolder = ({ packageFolder }: Package): string => `${packageFolder}/module`
