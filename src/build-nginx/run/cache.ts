import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { Disk } from '../ports/build.ts'

/** Folders of the cache, all named by what they hold. */
export interface Cache {
  readonly folder: string
  /** A tarball, by its sha256. */
  readonly blob: (sha256: string) => string
  /** What a source was, the last time it was asked: JSON. */
  readonly origin: (digest: string) => string
  /** How a blob was found to be genuine: JSON. */
  readonly proof: (component: string, sha256: string) => string
  /** Files of a commit. */
  readonly checkout: (digest: string) => string
  /** An unpacked source, untouched. */
  readonly tree: (digest: string) => string
  /** A patched tree that is configured, with its objects. */
  readonly work: (key: string) => string
  /** What came out of a build. */
  readonly build: (key: string) => string
  readonly logs: (run: string) => string
  /** TMPDIR of the programs that are run. */
  readonly temporary: string
  /** For what is not whole yet. */
  readonly incoming: (name: string) => string
}

/** --cache, $SESSCTL_CACHE, $XDG_CACHE_HOME/sessctl/build, ~/.cache/sessctl/build. */
export const cacheFor = (named: string | null, { cwd, env }: Context): Cache => {
  const home = env['XDG_CACHE_HOME'] || `${env['HOME'] ?? cwd}/.cache`
  const folder = resolve(cwd, named ?? (env['SESSCTL_CACHE'] || `${home}/sessctl/build`))
  return {
    folder,
    blob: (sha256) => `${folder}/blobs/${sha256}`,
    origin: (digest) => `${folder}/origins/${digest}.json`,
    proof: (component, sha256) => `${folder}/proofs/${component}-${sha256}.json`,
    checkout: (digest) => `${folder}/checkouts/${digest}`,
    tree: (digest) => `${folder}/trees/${digest}`,
    work: (key) => `${folder}/work/${key}`,
    build: (key) => `${folder}/builds/${key}`,
    logs: (run) => `${folder}/logs/${run}`,
    temporary: `${folder}/tmp`,
    incoming: (name) => `${folder}/incoming/${name}`,
  }
}

/**
 * A JSON file that a run left in the cache; null where there is none, or a damaged one: the cache
 * saves time, and what cannot be read in it is made again.
 */
export const readRecord = async (path: string, disk: Disk): Promise<unknown> => {
  const bytes = await disk.readIfThere(path)
  if (bytes === null) return null
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
