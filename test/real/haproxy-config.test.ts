import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { readHaproxy } from '../../src/core/config/haproxy/config.ts'
import { haproxyProxies, haproxySettings } from '../../src/core/config/haproxy/effective.ts'
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

const timeouts = ['timeout connect 1s', 'timeout client 1s', 'timeout server 1s'] as const
const backend = (name: string, ...lines: readonly string[]): string =>
  [`backend ${name}`, ...lines, 'server s 127.0.0.1:1', ''].join('\n')

/** Defaults of all kinds; HAProxy names the backends that lack a timeout. */
const inheriting: readonly string[] = [
  [
    backend('before'),
    `defaults all\nmode http\n${timeouts.join('\n')}\n`,
    backend('implicit-all'),
    'defaults empty\nmode http\n',
    backend('implicit-empty'),
    backend('own', timeouts[0], timeouts[2]),
    backend('half', timeouts[0]),
    backend('from-all from full'),
    'defaults chained from full\nretries 1\n',
    backend('implicit-chained'),
    'defaults half from empty\ntimeout connect 1s\n',
    backend('from-half from half'),
    backend('completed from half', timeouts[2]),
    backend('conditional from half', '.if version_atleast(2.0)', timeouts[2], '.endif'),
  ].join(''),
  `${backend('next-file')}defaults\n${timeouts.join('\n')}\n${backend('last')}`,
]

for (const version of ['2.6', '3.0', '3.2']) {
  describe(`the effective settings of proxies, and HAProxy ${version}`, () => {
    const needs = { haproxy: findServer('haproxy', version) }
    withServers(needs, 'the same backends lack a timeout', async ({ haproxy }) => {
      const folder = tempDir()
      const files = inheriting.map((text, index) => {
        // Defaults that are named elsewhere are not used without a name.
        const whole =
          index === 0
            ? text.replace('defaults empty', `defaults full from all\n\ndefaults empty`)
            : text
        const path = join(folder, `${index}.cfg`)
        writeFileSync(path, whole)
        return { path, config: readHaproxy(Buffer.from(whole)) }
      })
      const options = files.flatMap(({ path }) => ['-f', path])
      const { stderr } = spawnSync(haproxy.command, ['-c', ...options])
      const said = [...stderr.toString('utf8').matchAll(/missing timeouts for backend '(.*)'/g)]
      const lacking = haproxyProxies(files).filter((proxy) => {
        const set = haproxySettings(proxy).map(({ args }) => args[0])
        return !(set.includes('connect') && set.includes('server'))
      })
      expect(said.map(([, name]) => name).sort(), stderr.toString('utf8')).toEqual(
        lacking.map(({ section }) => section.name).sort(),
      )
      expect(lacking.length).toBeGreaterThan(4)
    })
  })
}
