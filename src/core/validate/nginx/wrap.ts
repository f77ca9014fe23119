import type { Artifact } from '../../render/artifact.ts'
import type { TemporaryFile } from '../check.ts'
import type { NginxBuild } from './build.ts'

/** A word of nginx configuration, as `ngx_conf_read_token` reads it back. */
const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

export interface WrapOptions {
  readonly folder: string
  /** Absolute paths of the modules to load. */
  readonly load: readonly string[]
  readonly isRoot: boolean
  /** nginx is started, not only tested. */
  readonly isServing?: boolean
}

/** A complete configuration, and the path of its main file. */
export interface Wrapped {
  readonly main: string
  readonly files: readonly TemporaryFile[]
  /** Modules whose load_module lines were left out. */
  readonly unloaded: readonly string[]
}

const mainFile = 'nginx/nginx.conf'
const modulesFile = 'nginx/modules.conf'

/** Without them, `nginx -t` uses the pid file, the logs and the user of the host. */
const mainLines = ({ folder, isRoot, isServing = false }: WrapOptions): string =>
  [
    'daemon off;',
    ...(isServing ? [] : ['master_process off;']),
    `pid ${quoted(`${folder}/nginx.pid`)};`,
    `lock_file ${quoted(`${folder}/nginx.lock`)};`,
    'error_log stderr notice;',
    ...(isRoot ? ['user root root;'] : []),
  ].join(' ')

/** Without them, `nginx -t` uses the temporary folders and the access log of the host. */
const httpLines = (build: NginxBuild, { folder }: WrapOptions): string =>
  [
    'access_log off;',
    ...build.tempPaths.map((directive) => `${directive} ${quoted(`${folder}/${directive}`)};`),
  ].join(' ')

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** load_module lines name files below the prefix of the real host; here the files of this host are loaded. */
const withModules = (text: string, load: readonly string[], unloaded: string[]): string =>
  text.replace(/^load_module (.*);$/gm, (line, path: string) => {
    const found = load.find((known) => fileName(known) === fileName(path))
    if (found !== undefined) return `load_module ${quoted(found)};`
    unloaded.push(fileName(path))
    return `# not here: ${line}`
  })

const wrapper = (
  build: NginxBuild,
  options: WrapOptions,
  hasModulesFile: boolean,
  includes: readonly string[],
): string => {
  const inFolder = (path: string): string => quoted(`${options.folder}/${path}`)
  const loads = options.load.map((path) => `load_module ${quoted(path)};`)
  return [
    ...(hasModulesFile ? [`include ${inFolder(modulesFile)};`] : loads),
    mainLines(options),
    'events { }',
    'http {',
    httpLines(build, options),
    ...includes.map((path) => `include ${inFolder(path)};`),
    '}',
    '',
  ].join('\n')
}

/**
 * Makes a complete configuration of the artifacts, which writes below the temporary folder only. No
 * line of an artifact moves. Returns a sentence when that cannot be done.
 */
export const wrapNginx = (
  build: NginxBuild,
  options: WrapOptions,
  relocated: readonly Pick<Artifact, 'path' | 'text'>[],
): Wrapped | string => {
  const unloaded: string[] = []
  const texts = relocated.map(({ path, text }) => ({
    path,
    content: withModules(text, options.load, unloaded),
  }))
  const complete = texts.find(({ path }) => path === mainFile)
  if (complete === undefined) {
    const includes = relocated.map(({ path }) => path).filter((path) => path !== modulesFile)
    const content = wrapper(build, options, includes.length < relocated.length, includes)
    return { main: 'nginx.conf', files: [...texts, { path: 'nginx.conf', content }], unloaded }
  }
  const http = /^http \{$/m
  if (!http.test(complete.content)) return `no http block was found in ${mainFile}`
  // A function, since paths may contain `$&`.
  const inHttp = complete.content.replace(http, () => `http { ${httpLines(build, options)}`)
  const content = `${inHttp}\n${mainLines(options)}\n`
  const others = texts.filter((text) => text !== complete)
  return { main: mainFile, files: [...others, { path: mainFile, content }], unloaded }
}
