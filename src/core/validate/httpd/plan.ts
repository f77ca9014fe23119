import type { HttpdTarget } from '../../model/target.ts'
import type { Tool } from '../check.ts'
import type { Job } from '../job.ts'
import { asFiles, planProxy } from '../plan-proxy.ts'
import type { Planned } from '../planned.ts'
import { loadModules } from './modules.ts'
import { readHttpd } from './read.ts'

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

/**
 * `httpd -t` on the artifacts within a complete httpd.conf; it binds nothing, so that listeners
 * stay as they are.
 * @param modulesFolder where the user says that httpd's modules are; null: the usual places.
 */
export const planHttpd = (
  job: Job,
  target: HttpdTarget,
  tool: Tool,
  modulesFolder: string | null,
): Planned | string =>
  planProxy(job, tool, {
    dialect: 'httpd',
    listeners: 'kept',
    product: 'httpd',
    wanted: target.version,
    lacks: null,
    complete: (staged) => {
      const text = staged.map((artifact) => artifact.text).join('\n')
      const inStage = (path: string): string => quoted(`${job.folder}/${path}`)
      const lines = [
        ...loadModules(modulesFolder, text),
        // Else httpd asks the network for the name of this host.
        'ServerName localhost',
        `DefaultRuntimeDir ${quoted(job.folder)}`,
        `PidFile ${inStage('httpd.pid')}`,
        `ErrorLog ${inStage('error.log')}`,
        ...staged.map(({ path }) => `Include ${inStage(path)}`),
      ]
      return {
        files: [...asFiles(staged), { path: 'httpd.conf', content: `${lines.join('\n')}\n` }],
        folders: [],
        args: ['-t', '-f', `${job.folder}/httpd.conf`],
        notes: [],
      }
    },
    read: readHttpd,
  })
