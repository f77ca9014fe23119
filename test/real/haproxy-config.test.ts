import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { readHaproxy } from '../../src/core/config/haproxy/config.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const shop = readFileSync(
  fileURLToPath(new URL('../../fixtures/fuzz/haproxy/shop.cfg', import.meta.url)),
)

/** Each variable has its own text as its value, so that HAProxy shows it as it is written. */
const environment = {
  ZONE: '$\u007bZONE-/eu}',
  PATHS: '$\u007bPATHS[*]}',
  REGION: '$\u007bREGION}',
}

/** The numbers of lines with their words, as `-dC,line` shows them: a blank after each. */
const linesOf = (bytes: Uint8Array): readonly string[] =>
  readHaproxy(bytes, { isTemplate: false }).lines.map(
    ({ args, line, name }) => `${line}\t${[name, ...args].map((word) => `${word} `).join('')}`,
  )

/** HAProxy shows lines without words too, and puts a tab before those that begin no section. */
const dumpOf = (haproxy: string, file: string): readonly string[] => {
  const env = { ...process.env, ...environment }
  const { stdout } = spawnSync(haproxy, ['-c', '-dC,line', '-f', file], { env })
  const lines = stdout.toString('utf8').split('\n')
  return lines.flatMap((line) => {
    const [, number, words = ''] = /^(\d+)\t\t?(.*)$/s.exec(line) ?? []
    return number === undefined || words.trim() === '' ? [] : [`${number}\t${words}`]
  })
}

for (const version of ['3.0', '3.2']) {
  describe(`the HAProxy reader compared with the dump of HAProxy ${version}`, () => {
    withServers(
      { haproxy: findServer('haproxy', version) },
      'the same words in the same lines',
      async ({ haproxy }) => {
        const file = join(tempDir(), 'haproxy.cfg')
        for (const bytes of [shop, Buffer.from(shop.toString('utf8').replaceAll('\n', '\r\n'))]) {
          writeFileSync(file, bytes)
          const expected = linesOf(bytes)
          expect(expected.length).toBeGreaterThan(25)
          // HAProxy 3.2 reads and shows the file twice.
          expect(dumpOf(haproxy.command, file).slice(0, expected.length)).toEqual(expected)
        }
      },
    )
  })
}

for (const version of ['2.6', '3.0', '3.2']) {
  describe(`a configuration without problems, and HAProxy ${version}`, () => {
    withServers(
      { haproxy: findServer('haproxy', version) },
      'HAProxy loads it',
      async ({ haproxy }) => {
        const file = join(tempDir(), 'haproxy.cfg')
        writeFileSync(file, shop)
        expect(readHaproxy(shop).problems).toEqual([])
        const { status, stderr } = spawnSync(haproxy.command, ['-c', '-f', file])
        expect(status, stderr.toString('utf8')).toBe(0)
      },
    )
  })
}
