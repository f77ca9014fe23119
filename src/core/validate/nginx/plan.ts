import type { NginxTarget } from '../../model/target.ts'
import type { Tool } from '../check.ts'
import type { Job } from '../job.ts'
import { planProxy } from '../plan-proxy.ts'
import type { Planned } from '../planned.ts'
import { moduleFiles, type NginxBuild, productOf } from './build.ts'
import { readNginx } from './read.ts'
import { wrapNginx } from './wrap.ts'

/** Where modules that are wanted, and not built in, would lie. */
export const loadablePaths = (target: NginxTarget, build: NginxBuild): readonly string[] =>
  build.modulesPath === null
    ? []
    : [...target.modules]
        .filter((name) => !build.modules.has(name))
        .map((name) => `${build.modulesPath}/${moduleFiles[name]}`)

const lackOf = (
  { modules }: NginxTarget,
  build: NginxBuild,
  load: readonly string[],
): string | null => {
  const isLoaded = (file: string): boolean => load.some((path) => path.endsWith(`/${file}`))
  const missing = [...modules].filter(
    (name) => !build.modules.has(name) && !isLoaded(moduleFiles[name]),
  )
  if (missing.length === 0) return null
  const words = missing.length === 1 ? 'the module' : 'the modules'
  return `${build.product} ${build.version} lacks ${words} ${missing.join(', ')}`
}

/**
 * `nginx -t` on the artifacts within a complete nginx.conf.
 * @param load absolute paths of the modules that are there to be loaded.
 */
export const planNginx = (
  job: Job,
  target: NginxTarget,
  tool: Tool,
  build: NginxBuild,
  load: readonly string[],
): Planned | string => {
  const { folder, isRoot } = job
  return planProxy(job, tool, {
    dialect: 'nginx',
    listeners: 'sockets',
    product: productOf(target.flavor),
    wanted: target.version,
    lacks: lackOf(target, build, load),
    complete: (staged) => {
      const wrapped = wrapNginx(build, { folder, load, isRoot }, staged)
      if (typeof wrapped === 'string') return wrapped
      return {
        files: wrapped.files,
        folders: [],
        args: [
          ...['-t', '-p', folder, '-c', `${folder}/${wrapped.main}`],
          ...(build.hasErrorLogFlag ? ['-e', 'stderr'] : []),
        ],
        notes: wrapped.unloaded.map((file) => `load_module was left out: there is no ${file} here`),
      }
    },
    read: readNginx,
  })
}
