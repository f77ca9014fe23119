import type { HttpdTarget } from '../../model/target.ts'
import type { Tool } from '../check.ts'
import type { Job } from '../job.ts'
import { asFiles, planProxy } from '../plan-proxy.ts'
import type { Planned } from '../planned.ts'
import { loadModules } from './modules.ts'
import { readHttpd } from './read.ts'

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

/**
 * A complete httpd.conf around staged artifacts; all that httpd itself would write stays in the stage.
 * @param more further lines.
 */
export const httpdConfig = (
  folder: string,
  modulesFolder: string | null,
  staged: readonly { readonly path: string; readonly text: string }[],
  more: readonly string[] = [],
): string => {
  const text = staged.map((artifact) => artifact.text).join('\n')
  const inStage = (path: string): string => quoted(`${folder}/${path}`)
  const lines = [
    ...loadModules(modulesFolder, text),
    // Else httpd asks the network for the name of this host.
    'ServerName localhost',
    `DefaultRuntimeDir ${quoted(folder)}`,
    `PidFile ${inStage('httpd.pid')}`,
    `ErrorLog ${inStage('error.log')}`,
    ...more,
    ...staged.map(({ path }) => `Include ${inStage(path)}`),
  ]
  return `${lines.join('\n')}\n`
}

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
      const content = httpdConfig(job.folder, modulesFolder, staged)
      return {
        files: [...asFiles(staged), { path: 'httpd.conf', content }],
        folders: [],
        args: ['-t', '-f', `${job.folder}/httpd.conf`],
        notes: [],
      }
    },
    read: readHttpd,
  })
