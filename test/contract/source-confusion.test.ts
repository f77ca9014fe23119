import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { archivesOnDisk } from '../../src/build-nginx/adapters/archives.ts'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import type { BuildPlan, Input } from '../../src/build-nginx/core/plan/plan.ts'
import { type Component, signers } from '../../src/build-nginx/core/verify/signers.ts'
import { cacheFor } from '../../src/build-nginx/run/cache.ts'
import type { Job } from '../../src/build-nginx/run/job.ts'
import { extract } from '../../src/build-nginx/run/steps/extract.ts'
import { fetch } from '../../src/build-nginx/run/steps/fetch.ts'
import { verify } from '../../src/build-nginx/run/steps/verify.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const tools = { say: () => undefined, progress: () => undefined, advise: () => undefined }

/** A tarball with one folder at its top. */
const tarball = (files: Readonly<Record<string, string>>): Uint8Array => {
  const folder = tempDir()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'top', path)), { recursive: true })
    writeFileSync(join(folder, 'top', path), text)
  }
  execFileSync('tar', ['-C', folder, '-czf', join(folder, 'x.tar.gz'), 'top'])
  return readFileSync(join(folder, 'x.tar.gz'))
}

const nginx = (version: string) =>
  tarball({ 'src/core/nginx.h': `#define NGINX_VERSION      "${version}"\n` })
const openssl3 = (version: string) => {
  const [major, minor, patch] = version.split('.')
  return tarball({
    'VERSION.dat': `MAJOR=${major}\nMINOR=${minor}\nPATCH=${patch}\nPRE_RELEASE_TAG=\n`,
  })
}
const openssl1 = (version: string) =>
  tarball({
    'include/openssl/opensslv.h': `# define OPENSSL_VERSION_TEXT    "OpenSSL ${version}  11 Sep 2023"\n`,
  })

interface Mirror {
  readonly bytes: Uint8Array
  /** The component whose signer has really signed these bytes; null: unsigned. */
  readonly signedFor: Component | null
  readonly cache?: string
}

const jobWith = ({ bytes, signedFor, cache = tempDir() }: Mirror): Job => {
  const disk = diskOnHost(new AbortController().signal)
  const [signer = null] = signedFor === null ? [] : signers[signedFor]
  const facts = {
    issuer: signer?.fingerprint ?? 'A',
    signer: signer?.fingerprint ?? null,
    isOfBytes: signer !== null,
    hash: 'sha512',
    signedAt: Date.UTC(2024, 5),
    keyFrom: 0,
    keyUntil: null,
  }
  const world = {
    disk,
    archives: archivesOnDisk,
    web: { download: async (url: string) => ({ bytes, url }) },
    signatures: { read: async () => [facts] },
    clock: { now: () => Date.UTC(2026, 0) },
    packageFolder: join(import.meta.dirname, '../..'),
  }
  const request = {
    mirrors: { nginx: 'https://mirror.example', openssl: 'https://mirror.example' },
    isOffline: false,
    isFrozen: false,
    isUpdate: false,
    leastLevel: 'none',
  }
  const context = { cwd: tempDir(), env: {} }
  const ours = cacheFor(cache, context as Job['context'])
  return { context, world, request, cache: ours, lock: null } as unknown as Job
}

/** What is fetched, verified and unpacked: the reason of a refusal, or `accepted`. */
const outcome = async (kind: 'nginx' | 'openssl', version: string, mirror: Mirror) => {
  const input: Input = { name: kind, kind, source: { kind: 'release', version } }
  const plan = { inputs: [input], release: version, linkage: 'static' } as unknown as BuildPlan
  const job = jobWith(mirror)
  try {
    const fetched = await fetch(plan, job)(tools)
    const verified = await verify(fetched.value, job)(tools)
    await extract(verified.value, plan, job)(tools)
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

describe('a file with a good signature', () => {
  test('is built under its own name', async () => {
    expect(await outcome('nginx', '1.30.1', { bytes: nginx('1.30.1'), signedFor: 'nginx' })).toBe(
      'accepted',
    )
    for (const [version, bytes] of [
      ['3.5.4', openssl3('3.5.4')],
      ['1.1.1w', openssl1('1.1.1w')],
    ] as const)
      expect(await outcome('openssl', version, { bytes, signedFor: 'openssl' })).toBe('accepted')
  })

  test('is refused under the name of a newer release', async () => {
    expect(await outcome('nginx', '1.30.1', { bytes: nginx('1.18.0'), signedFor: 'nginx' })).toBe(
      'https://mirror.example/nginx-1.30.1.tar.gz is nginx 1.18.0, not 1.30.1',
    )
    for (const [old, bytes] of [
      ['3.0.14', openssl3('3.0.14')],
      ['1.1.1a', openssl1('1.1.1a')],
    ] as const)
      expect(await outcome('openssl', '3.5.4', { bytes, signedFor: 'openssl' })).toMatch(
        new RegExp(`openssl-3\\.5\\.4\\.tar\\.gz is OpenSSL ${old}, not OpenSSL 3\\.5\\.4$`),
      )
  })

  test('is refused as another component', async () => {
    const bytes = openssl3('3.5.4')
    expect(await outcome('nginx', '1.30.1', { bytes, signedFor: 'openssl' })).toContain(
      'not a key of the nginx signers',
    )
    expect(
      await outcome('openssl', '3.5.4', { bytes: nginx('3.5.4'), signedFor: 'nginx' }),
    ).toMatch(/not a key of the openssl signers/)
    // A signer of nginx signs other programs, too.
    const other = tarball({ 'nginx.h': '#define NGINX_VERSION "1.30.1"' })
    expect(await outcome('nginx', '1.30.1', { bytes: other, signedFor: 'nginx' })).toContain(
      'is not an nginx source',
    )
    const not = await outcome('openssl', '3.5.4', { bytes: other, signedFor: 'openssl' })
    expect(not).toContain('is not an OpenSSL source')
  })

  test('is verified again if the cache contains an unknown signer', async () => {
    const bytes = nginx('1.30.1')
    const cache = tempDir()
    const known = { bytes, cache, signedFor: 'nginx' } as const
    const unsigned = { bytes, cache, signedFor: null } as const
    expect(await outcome('nginx', '1.30.1', known)).toBe('accepted')
    expect(await outcome('nginx', '1.30.1', unsigned)).toBe('accepted')
    const [file = ''] = execFileSync('ls', [join(cache, 'proofs')], { encoding: 'utf8' }).split(
      '\n',
    )
    const proof = readFileSync(join(cache, 'proofs', file), 'utf8')
    const [ours, foreign] = [signers.nginx, signers.openssl].map(([one]) => one?.fingerprint ?? '')
    const changed = proof.replace(ours ?? '', foreign ?? '')
    expect(changed).not.toBe(proof)
    writeFileSync(join(cache, 'proofs', file), changed)
    expect(await outcome('nginx', '1.30.1', unsigned)).toContain('not a key of the nginx signers')
  })
})
