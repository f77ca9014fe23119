import type { ConfFolder, ConfigFiles, Input, Inputs } from '../dialects/dialect.ts'
import type { NginxFlavor, NginxModule } from '../model/target.ts'

/** A configuration of nginx, with the files that it includes. */
export interface NginxSource {
  readonly kind: 'nginx'
  /** As the spec will name it, and as messages do. */
  readonly file: string
  readonly config: ConfigFiles
}

/** A configuration of HAProxy, with the files of conf.d. */
export interface HaproxySource {
  readonly kind: 'haproxy'
  readonly file: string
  readonly config: ConfigFiles
}

/** A configuration of httpd, with the files that it includes. */
export interface HttpdSource {
  readonly kind: 'httpd'
  readonly file: string
  readonly config: ConfigFiles
}

export type ProxySource = NginxSource | HaproxySource | HttpdSource

/** The server.xml of one Tomcat. */
export interface ServerSource {
  readonly kind: 'server'
  readonly file: string
  readonly bytes: Uint8Array
  /** The other files of its folder, where they may be read. */
  readonly conf: ConfFolder | null
  /** Of the installation that it lies in; null: unknown. */
  readonly version: string | null
}

/** A context.xml. */
export interface ContextSource {
  readonly kind: 'context'
  readonly file: string
  readonly bytes: Uint8Array
}

export type ImportSource = ProxySource | ServerSource | ContextSource

export const isProxy = (source: ImportSource): source is ProxySource =>
  source.kind === 'nginx' || source.kind === 'haproxy' || source.kind === 'httpd'

/** The nginx of this host, as `nginx -V` describes it. */
export interface InstalledNginx {
  readonly flavor: NginxFlavor
  readonly version: string
  readonly modules: readonly NginxModule[]
}

/** What is known besides the files. */
export interface ImportSettings {
  /** The name of the spec in messages. */
  readonly spec: string
  /** Null: the name of the first upstream. */
  readonly name: string | null
  readonly nginx: InstalledNginx | null
  /** The release of the HAProxy of this host; null: none is installed. */
  readonly haproxy: string | null
  /** The release of the httpd of this host; null: none is installed. */
  readonly httpd: string | null
}

const folderOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'

/** The files as `sessctl generate` reads them. */
export const inputsOf = (sources: readonly ImportSource[]): Inputs =>
  new Map(
    sources.flatMap((source): readonly (readonly [string, Input])[] => {
      if (isProxy(source)) return [[source.file, source.config]]
      const own = [source.file, source.bytes] as const
      return source.kind === 'server' && source.conf !== null
        ? [own, [`${folderOf(source.file)}/`, source.conf]]
        : [own]
    }),
  )

/** The context.xml next to a server.xml; null: it is not among the sources. */
export const contextOf = (
  { file }: ServerSource,
  sources: readonly ImportSource[],
): ContextSource | null =>
  sources.find(
    (one): one is ContextSource => one.kind === 'context' && folderOf(one.file) === folderOf(file),
  ) ?? null
