import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { readNginxFiles } from '../../src/core/config/nginx/files.ts'
import { type Directive, type NginxDocument, readNginx } from '../../src/core/config/nginx/tree.ts'
import { positionsIn, printConfig } from '../../src/core/config/text.ts'
import * as independent from '../readers/nginx.ts'
import { findByName, findServer, serversDir, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const releases = {
  '1.18': 'bullseye',
  '1.22': 'bookworm',
  '1.26': 'trixie',
  '1.30': 'sid',
} as const

const filesBelow = (folder: string): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

const folderOf = (release: string): string => join(serversDir(), 'roots', `${release}-native`)

/** All configuration files of the nginx packages of a Debian release. */
const shippedBy = (release: string): readonly string[] =>
  ['etc/nginx', 'usr/share/nginx/modules-available'].flatMap((folder) =>
    filesBelow(join(folderOf(release), folder)),
  )

interface Plain {
  readonly name: string
  readonly args: readonly string[]
  readonly line: number
  readonly block: readonly Plain[] | null
}

const plainOf = ({ directives, text }: NginxDocument): readonly Plain[] => {
  const positionOf = positionsIn(text)
  const plain = ({ name, args, start, block }: Directive): Plain => ({
    name,
    args,
    line: positionOf(start).line,
    block: block?.children.map(plain) ?? null,
  })
  return directives.map(plain)
}

const header = /^# configuration file (.*):\n/gm

/** The files that `nginx -T` prints, with their text, in its order. */
const dumped = (output: string): readonly (readonly [path: string, text: string])[] => {
  const found = [...output.matchAll(header)]
  return found.map(({ 0: line, 1: path = '', index }, each) => {
    const end = found[each + 1]?.index ?? output.length
    // nginx adds an empty line to each file.
    return [path, output.slice(index + line.length, end).replace(/\n$/, '')]
  })
}

const main = `
pid nginx.pid;
error_log stderr;
include modules/*.conf;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
  include debian/mime.types;
  include debian/[kw]*-*;
  include sites/[a-c]?*.conf;
  include sites/*/site.conf;
  include none/*.conf;
  include '../main/sites/e.conf';
}
`

/** A configuration that includes the files of Debian in many ways. */
const stage = (release: string): string => {
  const folder = join(tempDir(), 'main')
  mkdirSync(folder)
  cpSync(join(folderOf(release), 'etc/nginx'), join(folder, 'debian'), { recursive: true })
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('nginx.conf', main)
  write('sites/b.conf', 'map $host $unread { default 1; }')
  write('sites/b1.conf', 'server { listen unix:b1.sock; include debian/proxy_params; }')
  write('sites/B2.conf', 'this is not read')
  write('sites/.b3.conf', 'this is not read')
  write('sites/a2.conf', 'server { listen unix:a2.sock; include ./debian/fastcgi_params; }')
  write('sites/é/site.conf', 'map $host $é { default "é\\"}"; }')
  write(
    'sites/z/site.conf',
    'include debian/../sites/../sites/z/more; include debian/proxy_params;',
  )
  write('sites/z/more', 'map $host $more { default 0; "~^a{2}$" 1; }')
  write('sites/e.conf', '')
  return folder
}

for (const [version, release] of Object.entries(releases)) {
  const needs = { nginx: findServer('nginx', version) }

  describe(`nginx ${version}`, () => {
    withServers(needs, 'each file of the packages is read and printed without loss', async () => {
      const files = shippedBy(release)
      expect(files.length).toBeGreaterThan(12)
      for (const file of files) {
        const bytes = readFileSync(file)
        const document = readNginx(bytes)
        expect(document.problems, file).toEqual([])
        expect(bytes.equals(printConfig(document)), file).toBe(true)
        expect(plainOf(document), file).toEqual(independent.readNginx(bytes))
      }
    })

    withServers(needs, 'nginx -T prints the same files in the same order', async ({ nginx }) => {
      const folder = stage(release)
      const file = join(folder, 'nginx.conf')
      const { stdout, stderr } = spawnSync(nginx.command, ['-T', '-p', folder, '-c', file], {
        encoding: 'utf8',
      })
      const expected = dumped(stdout)
      expect(expected.length, stderr).toBeGreaterThan(8)
      const given = new Map(filesBelow(folder).map((path) => [path, readFileSync(path)]))
      const read = readNginxFiles(file, given)
      expect(read.problems).toEqual([])
      // nginx prints paths as the directive writes them.
      const normal = expected.map(([path, text]) => [join(path), text] as const)
      const seen = new Set<string>()
      const first = normal.filter(([path]) => !seen.has(path) && seen.add(path))
      expect([...read.files].map(([path, { text }]) => [path, text.replace(/\n$/, '')])).toEqual(
        first.map(([path, text]) => [path, text.replace(/\n$/, '')]),
      )
    })
  })
}

type Crossplane = readonly [
  line: number,
  name: string,
  args: readonly string[],
  block: readonly Crossplane[] | null,
]

/** crossplane removes the parentheses of a condition. */
const conditionOf = (args: readonly string[]): readonly string[] => {
  const [first = '', ...rest] = args
  const all = [first.replace(/^\(/, ''), ...rest]
  return [...all.slice(0, -1), (all.at(-1) ?? '').replace(/\)$/, '')].filter((arg) => arg !== '')
}

/** crossplane keeps backslashes that nginx removes, so that words with one are not compared. */
const comparable = (word: string): string => (/[\\\t\r\n]/.test(word) ? 'escaped' : word)

const asCrossplane = (directives: readonly Plain[]): unknown =>
  directives.map(({ name, args, line, block }) => [
    line,
    name,
    (name === 'if' ? conditionOf(args) : args).map(comparable),
    block === null ? null : asCrossplane(block),
  ])

const compared = (directives: readonly Crossplane[]): unknown =>
  directives.map(([line, name, args, block]) => [
    line,
    name,
    args.map(comparable),
    block === null ? null : compared(block),
  ])

const python = findByName('crossplane')
const needs = { crossplane: 'missing' in python ? python : { command: python.path } }

withServers(needs, 'crossplane reads the same directives, arguments and lines', async (found) => {
  const cases = fileURLToPath(new URL('../../fixtures/cases/', import.meta.url))
  const written = filesBelow(cases).filter((path) => /expected\/nginx\/.*\.conf$/.test(path))
  const files = [...written, ...Object.values(releases).flatMap(shippedBy)]
  const { stdout, stderr } = spawnSync(
    found.crossplane.command,
    [fileURLToPath(new URL('read-with-crossplane.py', import.meta.url))],
    { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 },
  )
  expect(stderr).toBe('')
  const all = JSON.parse(stdout) as Readonly<
    Record<
      string,
      { readonly errors: readonly string[]; readonly directives: readonly Crossplane[] }
    >
  >
  expect(Object.keys(all).length).toBeGreaterThan(100)
  for (const [file, { errors, directives }] of Object.entries(all)) {
    expect(errors, file).toEqual([])
    expect(asCrossplane(plainOf(readNginx(readFileSync(file)))), file).toEqual(compared(directives))
  }
})
