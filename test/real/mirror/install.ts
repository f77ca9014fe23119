import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../../scripts/install-servers', import.meta.url))

export interface Outcome {
  readonly exitCode: number
  readonly output: string
  /** Names and versions of what is there. */
  readonly installed: ReadonlyMap<string, string>
  /** Names of what is missing, with the reasons. */
  readonly missing: ReadonlyMap<string, string>
}

const tables = (folder: string): readonly (readonly string[])[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.tsv'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))

const pairs = (folder: string): ReadonlyMap<string, string> =>
  new Map(tables(folder).map(([name = '', value = '']) => [name, value]))

/** An environment in which install-servers sees this mirror, an empty machine and no delays. */
export const environmentFor = (dir: string, uri: string, keyring: Buffer) => {
  const bin = join(dir, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(dir, 'keyring.gpg'), keyring)
  writeFileSync(
    join(dir, 'apt.conf'),
    'Acquire::Retries::Delay "false";\nAcquire::http::Proxy::127.0.0.1 "DIRECT";\n',
  )
  // A Java that does not run: that of the machine would serve otherwise.
  writeFileSync(join(bin, 'java'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  return {
    ...process.env,
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: dir,
    APT_CONFIG: join(dir, 'apt.conf'),
    SESSCTL_DEBIAN_MIRROR: uri,
    SESSCTL_DEBIAN_SECURITY_MIRROR: `${uri}-security`,
    SESSCTL_DEBIAN_KEYRING: join(dir, 'keyring.gpg'),
  }
}

/** Sets that need more than a mirror: programs that run, and sources that compile. */
const without = 'gateways,modules,linked,system,packaging,packages'

/** Runs scripts/install-servers into a folder. */
export const install = (
  cache: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = { env: { ...env, SESSCTL_SERVERS: cache }, timeout: 240_000 }
    execFile(script, ['--without', without], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code ?? 1)
      resolve({
        exitCode,
        output: `${stdout}${stderr}`,
        installed: pairs(join(cache, 'sets')),
        missing: pairs(join(cache, 'gaps')),
      })
    })
  })
