import { isMisread, type Misread, parseSource } from './parse.ts'
import type { Source } from './source.ts'

export interface ModuleSource {
  /** What messages, folders and nginx.lock call it. */
  readonly name: string
  readonly source: Source
}

interface Known {
  readonly url: string
  /** What is taken when nothing else is said; null: it must be said. */
  readonly ref: string | null
  readonly what: string
}

/** Modules that have a name here; nobody has to remember where they live. */
export const knownModules: Readonly<Record<string, Known>> = {
  vts: {
    url: 'https://github.com/vozlt/nginx-module-vts.git',
    ref: 'v0.2.7',
    what: 'statistics of servers and upstreams',
  },
  upstream_check: {
    url: 'https://github.com/yaoweibin/nginx_upstream_check_module.git',
    ref: 'e538034b6ad7992080d2403d6d3da56e4f7ac01e',
    what: 'active health checks; needs one of its own patches',
  },
  tcp_proxy: {
    url: 'https://github.com/yaoweibin/nginx_tcp_proxy_module.git',
    ref: 'v0.4.5',
    what: 'TCP balancing from before nginx had stream; needs its own patch',
  },
  'sticky-ng': {
    url: 'https://bitbucket.org/nginx-goodies/nginx-sticky-module-ng.git',
    ref: '1.2.6',
    what: 'affinity by a cookie of its own',
  },
  'headers-more': {
    url: 'https://github.com/openresty/headers-more-nginx-module.git',
    ref: 'v0.39',
    what: 'sets and clears any header',
  },
  'original-jvm_route': {
    url: 'https://github.com/nulab/nginx-upstream-jvm-route.git',
    ref: null,
    what: 'the jvm_route of old: static only, needs its own patch, stops at nginx 1.27.2',
  },
}

const nameOf = (source: Source): string => {
  const path =
    source.kind === 'git'
      ? source.folder || source.url
      : source.kind === 'local'
        ? source.path
        : source.kind === 'url'
          ? source.url
          : source.kind === 'apt'
            ? source.package
            : ''
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const plain = last.replace(/\.git$|\.(tar(\.\w+)?|tgz)$/g, '').replace(/[^A-Za-z0-9_.-]/g, '_')
  return plain === '' || plain.startsWith('.') ? 'module' : plain
}

const named = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.+)$/

/** `jvm_route`, `vts`, `vts@v0.2.3`, any source, or NAME=SOURCE. */
export const parseModule = (text: string): ModuleSource | Misread => {
  const [, ownName, ownSource = ''] = named.exec(text) ?? []
  if (ownName !== undefined) {
    const read = parseModule(ownSource)
    return isMisread(read) ? read : { ...read, name: ownName }
  }
  if (text === 'jvm_route') return { name: text, source: { kind: 'bundled' } }
  const [name = '', ref] = text.split('@', 2)
  const known = Object.hasOwn(knownModules, name) ? knownModules[name] : undefined
  if (known !== undefined) {
    const wanted = ref ?? known.ref
    if (wanted === null) {
      return {
        misread: `${name} has no releases`,
        help: `name a commit: ${name}@COMMIT`,
      }
    }
    const source = parseSource(`${known.url}@${wanted}`, '')
    return isMisread(source) ? source : { name, source }
  }
  const source = parseSource(text, '')
  if (isMisread(source)) return source
  if (source.kind === 'release')
    return {
      misread: `${text} is a version without the name of a module`,
      help: 'write, for example, vts@v0.2.4',
    }
  return { name: nameOf(source), source }
}
