import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { checksums } from '../../src/core/needs/checksums.ts'
import { type Fault, faults, startMirror } from './mirror/server.ts'
import { findJars, type Jars, withServers } from './support/servers.ts'
import { jarsListed } from './support/spring-boot.ts'
import { tempDir } from './support/temp-dir.ts'

const script = fileURLToPath(new URL('../../scripts/fetch-jars', import.meta.url))

const lists = ['jars', 'spring-boot-2.7', 'spring-boot-3', 'spring-boot-4']
const listed = lists.flatMap((list) => jarsListed(list).map(([name = '']) => name))
const coordinates = [...new Set([...Object.keys(checksums), ...listed])]
const needs = { jars: findJars(coordinates) }

const missing = 'org.postgresql:postgresql:42.7.14'

const pathOf = (name: string): string => {
  const [group = '', artifact = '', version = ''] = name.split(':')
  return `${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}.jar`
}

/** What fetch-jars has put into an empty cache, and what it says of the rest. */
const fetchJars = async (env: Readonly<Record<string, string>>) => {
  const cache = tempDir()
  const all = { ...process.env, HOME: tempDir(), ...env, SESSCTL_SERVERS: cache }
  const exitCode = await new Promise((resolve) => {
    execFile(script, [], { env: all, timeout: 110_000 }, (error) => {
      resolve(error === null ? 0 : (error.code ?? error.signal))
    })
  })
  const gaps = join(cache, 'gaps/fetch-jars.tsv')
  const noted = readFileSync(gaps, 'utf8').trimEnd().split('\n')
  const stamp = readFileSync(join(cache, 'sets/maven-jars.tsv'), 'utf8').trimEnd().split('\n')
  const installed = stamp.map((line) => line.split('\t')[0])
  return { exitCode, noted, installed, files: readdirSync(join(cache, 'jars')) }
}

const expectAllButOne = (
  { exitCode, noted, installed, files }: Awaited<ReturnType<typeof fetchJars>>,
  reason: RegExp,
): void => {
  const others = coordinates.filter((name) => name !== missing)
  expect(exitCode).toBe(0)
  expect([...installed].sort()).toEqual([...others].sort())
  expect([...files].sort()).toEqual(others.map((name) => basename(pathOf(name))).sort())
  expect(noted).toEqual([expect.stringMatching(reason)])
  expect(noted[0]).toContain(`${missing}\t`)
}

const reasons: Readonly<Record<Fault, RegExp>> = {
  '404': / 404\b/,
  '500': / 500\b/,
  // What curl leaves of it is compared with the sum.
  'cut off': / is not the published file/,
  'wrong hash': / is not the published file/,
}

const repositoryOf = ({ files }: Jars): ReadonlyMap<string, Buffer> =>
  new Map(
    coordinates.map((name, index) => [`/maven/${pathOf(name)}`, readFileSync(files[index] ?? '')]),
  )

describe('a jar that a Maven repository does not have does not affect the others', () => {
  for (const fault of faults) {
    withServers(needs, fault, async ({ jars }) => {
      const mirror = await startMirror(repositoryOf(jars))
      mirror.breakFiles(/\/postgresql-42/, fault)
      const outcome = await fetchJars({
        SESSCTL_MAVEN_MIRROR: new URL('/maven', mirror.uri).href,
        no_proxy: '127.0.0.1',
      })
      await mirror.stop()
      expectAllButOne(outcome, reasons[fault])
    })
  }
})

/** Copies what the project names, all or nothing, as the dependency plugin does. */
const allOrNothing = (folder: string): string => `#!/bin/sh
while [ "$1" != -f ]; do shift; done
sed 's/<artifactItem>/\\n&/g' "$2" | sed -nE 's|^<artifactItem>.*<artifactId>(.*)</artifactId><version>([^<]*)<.*|\\1-\\2.jar|p' >"$2.jars"
while read -r jar; do
  [ -e "${folder}/$jar" ] || { echo "[ERROR] Could not find artifact $jar"; exit 1; }
done <"$2.jars"
while read -r jar; do cp "${folder}/$jar" "\${2%/*}"; done <"$2.jars"
`

withServers(needs, 'a jar that mvn does not find does not affect the others', async ({ jars }) => {
  const [bin, folder] = [tempDir(), tempDir()]
  for (const file of jars.files) {
    if (!file.includes('/postgresql-42')) symlinkSync(file, join(folder, basename(file)))
  }
  writeFileSync(join(bin, 'mvn'), allOrNothing(folder), { mode: 0o755 })
  const PATH = `${bin}:${process.env['PATH']}`
  const outcome = await fetchJars({ PATH, SESSCTL_MAVEN_MIRROR: '' })
  expectAllButOne(outcome, /Could not find artifact postgresql-42/)
})
