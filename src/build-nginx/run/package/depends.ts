import { note, warning } from '../../core/plan/advice.ts'
import type { StepTools } from '../engine.ts'
import type { Job } from '../job.ts'
import type { Built } from '../steps/compile.ts'
import { asked, owner } from './dpkg.ts'

/** What Debian's own tool says: packages with the least version whose symbols do. */
const bySymbols = (files: readonly string[], job: Job): Promise<readonly string[] | null> =>
  job.context.workspace.within(async ({ folder, write }) => {
    await write('debian/control', 'Source: x\n\nPackage: x\nArchitecture: any\n')
    const args = ['-O', ...files.map((file) => `-e${file}`)]
    const said = await asked('dpkg-shlibdeps', args, job, folder)
    const line = said?.match(/^shlibs:Depends=(.*)$/m)?.[1]
    return line?.split(', ').sort() ?? null
  })

const byFiles = async (
  needs: readonly string[],
  job: Job,
): Promise<{ readonly packages: readonly string[]; readonly unknown: readonly string[] }> => {
  const packages = new Set<string>()
  const unknown: string[] = []
  for (const name of needs) {
    const found = await owner(`*/${name}`, job)
    if (found === null) unknown.push(name)
    else packages.add(found)
  }
  return { packages: [...packages].sort(), unknown }
}

/** Which package the nginx is of that a module is for, in the words of Debian's own modules. */
const onNginx = async (nginx: string, job: Job, tools: StepTools): Promise<readonly string[]> => {
  const name = await owner(nginx, job)
  const shown = name === null ? null : await asked('dpkg-query', ['-s', name], job)
  if (name === null || shown === null) {
    tools.advise(
      note(
        `${nginx} belongs to no package of this host: the .deb does not depend on an nginx package`,
      ),
    )
    return []
  }
  const abi = /^Provides:.*?\b(nginx-abi-[^\s,]+)/m.exec(shown)?.[1]
  const version = /^Version: (\S+)/m.exec(shown)?.[1] ?? ''
  return [abi ?? `${name} (= ${version})`]
}

/** What a .deb of a build depends on, as far as this host can tell. */
export const dependsOf = async (
  built: Built,
  needs: readonly string[],
  job: Job,
  tools: StepTools,
): Promise<readonly string[]> => {
  const { forNginx } = job.request
  const own = forNginx === null ? [] : await onNginx(forNginx, job, tools)
  const files = [...(built.nginx === null ? [] : [built.nginx]), ...built.modules]
  const exact = await bySymbols(files, job)
  if (exact !== null) return [...own, ...exact]
  const { packages, unknown } = await byFiles(needs, job)
  if (unknown.length > 0) {
    tools.advise(
      warning(
        `${unknown.join(', ')} belongs to no package of this host: the .deb does not depend on it`,
        'build on the Debian release that it is for, with dpkg-dev installed',
      ),
    )
  } else if (packages.length > 0) {
    tools.advise(
      note(
        'the .deb depends on packages without a minimum version',
        'install dpkg-dev: its dpkg-shlibdeps finds the minimum versions',
      ),
    )
  }
  return [...own, ...packages]
}
