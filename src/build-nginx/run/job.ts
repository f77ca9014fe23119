import type { Context } from '../../context.ts'
import type { Lock } from '../core/lock/lock.ts'
import type { BuildRequest } from '../core/request.ts'
import type { BuildWorld } from '../ports/build.ts'
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

/**
 * All that programs get which a build calls. Nothing else of the caller's environment reaches them:
 * CC, CFLAGS, MAKEFLAGS, LD_PRELOAD, GIT_DIR and the like would change what they make.
 */
export const buildEnv = ({ world, cache }: Pick<Job, 'world' | 'cache'>) => ({
  PATH: world.path,
  HOME: world.home,
  LC_ALL: 'C',
  TZ: 'UTC',
  // Whatever a source puts its time of building into: 1.0.0 of nginx came out then.
  SOURCE_DATE_EPOCH: '1302566400',
  // What a compiler leaves there for an assembler must be nobody else's to exchange.
  TMPDIR: cache.temporary,
  ...(world.userId === 0 ? { FORCE_UNSAFE_CONFIGURE: '1' } : {}),
})

/** Of configure, make and the nginx of the smoke test: with what the user sets for modules (--env). */
export const moduleEnv = (job: Job) => ({ ...buildEnv(job), ...job.request.environment })
