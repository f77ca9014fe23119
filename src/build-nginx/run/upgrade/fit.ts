import { misfits } from '../../core/abi/fit.ts'
import { type NginxFacts, readSharedObject, releaseOf } from '../../core/abi/read.ts'
import type { BuildWorld } from '../../ports/build.ts'

/** A file, and where it will stand. */
export interface Placed {
  readonly from: string
  readonly to: string
}

/** Which of the modules that the configuration loads the new nginx would refuse, and why. */
export const modulesThatDoNotFit = async (
  nginx: NginxFacts,
  loaded: readonly string[],
  placed: readonly Placed[],
  { disk, durable }: BuildWorld,
): Promise<readonly string[]> => {
  const wrong: string[] = []
  for (const file of loaded) {
    const real = durable.real(file)
    const source = placed.find(({ to }) => to === real)?.from ?? real
    const bytes = await disk.readIfThere(source)
    const object = bytes === null ? null : readSharedObject(bytes)
    if (object === null) {
      wrong.push(
        `${file}, which the configuration loads, is ${bytes === null ? 'not there' : 'no module'}`,
      )
      continue
    }
    const [first] = misfits(nginx, object)
    if (first === undefined) continue
    const why =
      first.reason === 'version'
        ? `is for nginx ${releaseOf(first.moduleVersion)}, not ${releaseOf(first.nginxVersion)}`
        : first.reason === 'signature'
          ? `differs in ${first.differences.map(({ what }) => what).join(', ')}`
          : 'is for another machine, or this nginx loads none'
    wrong.push(`${file}, which the configuration loads, ${why}`)
  }
  return wrong
}
