import { BuildError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import type { Input } from '../../core/plan/plan.ts'
import type { StepTools } from '../engine.ts'
import type { Job } from '../job.ts'
import type { Fetched } from './fetched.ts'
import { hasBlob, knownOrigin, rememberOrigin } from './origin.ts'

/** Where a project keeps its releases; only those whose signers' keys come with sessctl. */
const addressOf = (kind: Input['kind'], version: string, { request }: Job): string => {
  if (kind === 'nginx') return `${request.mirrors.nginx}/nginx-${version}.tar.gz`
  if (kind === 'openssl')
    return `${request.mirrors.openssl}/openssl-${version}/openssl-${version}.tar.gz`
  throw new BuildError(
    `${kind} ${version} cannot be verified: sessctl has no keys of its signers`,
    {
      help: `use Debian's source (--${kind} apt), or a tarball with its hash: --${kind} https://…#sha256=…`,
    },
  )
}

const offline = (what: string): BuildError =>
  new BuildError(`${what} is not in the cache, and --offline prevents downloads`, {
    help: 'build once without --offline, or use a source on this host',
  })

/** A thousand signatures. */
export const mostSignatureBytes = 1_048_576

const download = async (
  url: string,
  job: Job,
  { progress }: StepTools,
  mostBytes?: number,
): Promise<Uint8Array | null> => {
  const what = url.slice(url.lastIndexOf('/') + 1)
  const onProgress = (done: number, total: number | null) => progress(what, done, total)
  const found = await job.world.web.download(url, onProgress, mostBytes)
  return found?.bytes ?? null
}

const notThere = (url: string): BuildError =>
  new BuildError(`${url} does not exist`, {
    help: 'check the version: nginx.org/en/download.html lists the releases',
  })

/** A release with its signature, from the cache or the project itself. */
export const fetchRelease = async (
  input: Input & { readonly source: { readonly kind: 'release' } },
  version: string,
  job: Job,
  tools: StepTools,
): Promise<Fetched> => {
  const url = addressOf(input.kind, version, job)
  const common = { input, from: url, expected: null, checkout: null, debian: null }
  const known = await knownOrigin(job, url)
  if (known !== null) {
    const { sha256, signature } = known
    const content = { kind: 'archive', path: job.cache.blob(sha256), sha256 } as const
    return { ...common, content, signature, isNew: false }
  }
  if (job.request.isOffline) throw offline(url)
  const bytes = await download(url, job, tools)
  if (bytes === null) throw notThere(url)
  const armored = await download(`${url}.asc`, job, tools, mostSignatureBytes)
  const signature = armored === null ? null : new TextDecoder().decode(armored)
  const sha256 = sha256Hex(bytes)
  const path = job.cache.blob(sha256)
  await job.world.disk.write(path, bytes)
  await rememberOrigin(job, url, { sha256, signature, debian: null })
  return { ...common, content: { kind: 'archive', path, sha256 }, signature, isNew: true }
}

/** A tarball from anywhere, whose sha256 is known. */
export const fetchUrl = async (
  input: Input,
  url: string,
  named: string | null,
  job: Job,
  tools: StepTools,
): Promise<Fetched> => {
  const locked = job.lock?.inputs[input.name]
  const expected = named ?? (locked?.from === url ? locked.sha256 : null)
  if (expected === null) {
    throw new BuildError(`${url} cannot be verified: it has no signature by a known key`, {
      help: `append its hash from a place that you trust: ${url}#sha256=…`,
    })
  }
  const path = job.cache.blob(expected)
  const common = { input, from: url, signature: null, expected, checkout: null, debian: null }
  if (await hasBlob(job, expected))
    return { ...common, content: { kind: 'archive', path, sha256: expected }, isNew: false }
  if (job.request.isOffline) throw offline(url)
  const bytes = await download(url, job, tools)
  if (bytes === null) throw notThere(url)
  const sha256 = sha256Hex(bytes)
  if (sha256 !== expected) {
    throw new BuildError(`${url} does not match: expected sha256 ${expected}, found ${sha256}`, {
      help: 'check the hash: the file was changed, or the hash belongs to another file',
    })
  }
  await job.world.disk.write(path, bytes)
  return { ...common, content: { kind: 'archive', path, sha256 }, isNew: true }
}
