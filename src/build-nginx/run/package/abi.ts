import { readNginx } from '../../core/abi/read.ts'
import type { Job } from '../job.ts'
import { asked, owner } from './dpkg.ts'
import type { Ready } from './facts.ts'

/**
 * The `nginx-abi-…` that the package of --like provides, if the same modules fit this nginx: it is
 * built from the same revision of the source, no patch changes a struct, and nginx compares the rest.
 */
export const abiOf = async (
  { planned, verified, patched, built }: Ready,
  job: Job,
): Promise<string | null> => {
  const { like } = job.request
  // Debian's own patches are in the nginx that its modules were made for.
  const isTainted = patched.taints.some(({ patch }) => !patch.startsWith('debian/'))
  if (like === null || built.nginx === null || isTainted) return null
  const facts = readNginx(await job.world.disk.read(built.nginx))
  const isSame =
    facts?.version === planned.target?.version && facts?.signature === planned.target?.signature
  const nginx = verified.find(({ fetched }) => fetched.input.kind === 'nginx')?.own
  const name = await owner(like, job)
  if (!isSame || nginx?.how !== 'apt' || name === null) return null
  const shown = (await asked('dpkg-query', ['-s', name], job)) ?? ''
  const version = /^Version: (\S+)$/m.exec(shown)?.[1]
  return nginx.version === version
    ? (/^Provides:.*?\b(nginx-abi-[^\s,]+)/m.exec(shown)?.[1] ?? null)
    : null
}
