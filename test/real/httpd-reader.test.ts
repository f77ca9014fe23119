import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { readHttpd } from '../readers/httpd.ts'
import { fc } from '../support/fast-check.ts'
import { rawText, rawWord } from './raw-words.ts'
import { run } from './support/process.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const needs = { httpd: findServer('apache2', '2.4') }
const definitions = new Map([['a', 'A"\\ é']])

const frame = `LoadModule mpm_event_module modules/mod_mpm_event.so
Define a 'A"\\ é'
`

/** What httpd shows of its virtual hosts: their lines and their aliases. */
interface Host {
  readonly line: number
  readonly aliases: readonly string[]
}

const hostsOf = (output: string): readonly Host[] => {
  const hosts: { line: number; aliases: string[] }[] = []
  for (const text of output.split('\n')) {
    const line = /^ {9}port 80 namevhost s\d+ \(.*:(\d+)\)$/.exec(text)?.[1]
    if (line !== undefined) hosts.push({ line: Number(line), aliases: [] })
    const alias = /^ {17}(?:wild )?alias (.*)$/s.exec(text)?.[1]
    if (alias !== undefined) hosts.at(-1)?.aliases.push(alias)
  }
  return hosts
}

/** httpd shows aliases with `*` or `?` after the others. */
const asShown = (words: readonly string[]): readonly string[] => {
  const wild = /[*?]/
  return [...words.filter((word) => !wild.test(word)), ...words.filter((word) => wild.test(word))]
}

/** What only httpd knows: lines that go on, and definitions. */
const pieces = ['\\\n', '\\\r\n', '\\\\\n', 'a\\\n\\\n', '$\u007ba}', '$\u007bnone}', '$\u007b"}']
const joined = fc
  .array(fc.oneof(rawText, rawWord, fc.constantFrom(...pieces)), { maxLength: 4 })
  .map((list) => list.join(''))

/** Any other line end would begin a directive of its own. */
const texts = [rawText, rawWord, joined]
  .flatMap((text) => fc.sample(text, { numRuns: 2000 }))
  .filter((raw) => !/(?<!\\\r?)\n|\\[\r\n]*$/.test(raw))

describe('the httpd reader compared with Apache httpd 2.4', () => {
  withServers(needs, 'reads the same words on the same lines', async ({ httpd }) => {
    const folder = tempDir()
    const file = join(folder, 'httpd.conf')
    const hosts = texts.map(
      (raw, i) => `<VirtualHost *:80>\nServerName s${i}\nServerAlias x ${raw}\n</VirtualHost>\n`,
    )
    const config = `${frame}${hosts.join('')}`
    writeFileSync(file, config)
    const command = [httpd.command, '-t', '-D', 'DUMP_VHOSTS', '-f', file] as const
    const { output } = await run(command, folder)
    const seen = hostsOf(output)
    const read = readHttpd(config, definitions).filter(({ name }) => name === 'VirtualHost')
    expect(seen.length, output.slice(-600)).toBe(texts.length)
    const differing: unknown[] = []
    for (const [i, { line, section }] of read.entries()) {
      const aliases = section?.find(({ name }) => name === 'ServerAlias')?.args ?? []
      const expected = { line, aliases: asShown(aliases) }
      if (JSON.stringify(seen[i]) !== JSON.stringify(expected)) {
        differing.push(JSON.stringify({ raw: texts[i], seen: seen[i], expected }))
      }
    }
    expect(differing).toEqual([])
    expect(read.length).toBe(texts.length)
  })
})
