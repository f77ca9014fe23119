import type { Source } from '../core/sources/source.ts'
import type { Disk } from '../ports/build.ts'
import { upstreamOf } from './sources/apt-sources.ts'

const inName = /(?:^|[/_-])(?:nginx|release)[-_](\d+\.\d+\.\d+)/

/** NGINX_VERSION of src/core/nginx.h. */
export const releaseOfTree = async (folder: string, disk: Disk): Promise<string | null> => {
  const header = await disk.readIfThere(`${folder}/src/core/nginx.h`)
  const text = new TextDecoder('latin1').decode(header ?? undefined)
  return /#define NGINX_VERSION\s+"(\d+\.\d+\.\d+)"/.exec(text)?.[1] ?? null
}

/** Of OpenSSL: VERSION.dat since 3.0, a header before. */
export const opensslOfTree = async (folder: string, disk: Disk): Promise<string | null> => {
  const textOf = async (path: string): Promise<string> =>
    new TextDecoder('latin1').decode((await disk.readIfThere(`${folder}/${path}`)) ?? undefined)
  const version = await textOf('VERSION.dat')
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map(
    (name) => new RegExp(`^${name}=(\\d+)$`, 'm').exec(version)?.[1],
  )
  if (major !== undefined) {
    const tag = /^PRE_RELEASE_TAG=(\S*)$/m.exec(version)?.[1] ?? ''
    return `${major}.${minor}.${patch}${tag === '' ? '' : `-${tag}`}`
  }
  const header = await textOf('include/openssl/opensslv.h')
  return /# *define OPENSSL_VERSION_TEXT +"OpenSSL (\d\S*)/.exec(header)?.[1] ?? null
}

/** Which release a source says it is, before anything is fetched; null when it does not. */
export const releaseNamed = async (source: Source, disk: Disk): Promise<string | null> => {
  switch (source.kind) {
    case 'release':
      return source.version
    case 'git':
      return inName.exec(source.ref)?.[1] ?? /^v?(\d+\.\d+\.\d+)$/.exec(source.ref)?.[1] ?? null
    case 'url':
      return inName.exec(source.url)?.[1] ?? null
    case 'apt':
      return source.revision === null ? null : upstreamOf(source.revision)
    case 'local':
      return (await releaseOfTree(source.path, disk)) ?? inName.exec(source.path)?.[1] ?? null
    default:
      return null
  }
}
