import type { HaproxyTarget } from '../../model/target.ts'
import type { Tool } from '../check.ts'
import type { Job } from '../job.ts'
import { asFiles, planProxy } from '../plan-proxy.ts'
import type { Planned } from '../planned.ts'
import { readHaproxy } from './read.ts'

/** `haproxy -c` on the artifacts; it binds nothing, so that listeners stay as they are. */
export const planHaproxy = (job: Job, target: HaproxyTarget, tool: Tool): Planned | string =>
  planProxy(job, tool, {
    dialect: 'haproxy',
    listeners: 'kept',
    product: 'HAProxy',
    wanted: target.version,
    lacks: null,
    complete: (staged) => ({
      files: asFiles(staged),
      folders: [],
      args: ['-c', ...staged.flatMap(({ path }) => ['-f', `${job.folder}/${path}`])],
      notes: [],
    }),
    read: readHaproxy,
  })
