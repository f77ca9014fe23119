import type { Context } from '../../context.ts'
import type { Lock } from '../../core/build/lock/lock.ts'
import type { BuildRequest } from '../../core/build/request.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Cache } from './cache.ts'

/** What every step gets. */
export interface Job {
  readonly context: Context
  readonly world: BuildWorld
  readonly request: BuildRequest
  readonly cache: Cache
  /** nginx.lock as it stood when the run began; null without one. */
  readonly lock: Lock | null
}

/** Of programs that a build calls: nothing of the user's changes what they make. */
export const buildEnv = ({ context, world }: Pick<Job, 'context' | 'world'>) => ({
  PATH: context.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: context.env['HOME'] ?? '/',
  LC_ALL: 'C',
  TZ: 'UTC',
  // Whatever a source puts its time of building into: 1.0.0 of nginx came out then.
  SOURCE_DATE_EPOCH: '1302566400',
  TMPDIR: context.env['TMPDIR'] ?? '/tmp',
  ...(world.userId === 0 ? { FORCE_UNSAFE_CONFIGURE: '1' } : {}),
})
