import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitOnHost } from '../../src/adapters/git/commit.ts'
import { namedFiles } from '../../src/adapters/named/files.ts'
import { rangeOf } from '../../src/adapters/named/range.ts'
import { haproxyOrder } from '../../src/core/config/haproxy/order.ts'
import type { ConfigFiles } from '../../src/core/dialects/dialect.ts'
import { OutsideError } from '../../src/errors.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { gitEnvironment, newRepository } from '../support/git-repository.ts'

const tree = {
  'nginx/nginx.conf':
    'include /etc/nginx/modules/*.conf; http { include mime.types; include /etc/nginx/sites/[a-m]*/*.conf; include ../shared.conf; include gone; include nginx.conf; }',
  'nginx/mime.types': 'types { }',
  'nginx/sites/eu/b.conf': 'b;',
  'nginx/sites/eu/a.conf': 'include params;',
  'nginx/sites/eu/.c.conf': 'c;',
  'nginx/sites/us/d.conf': 'd;',
  'nginx/params': 'p;',
  'shared.conf': 's;',
  'unused.conf': 'u;',
}

const repositoryOf = (files: Readonly<Record<string, string>>): string => {
  const folder = tempDir()
  const repository = newRepository(folder)
  repository.write(files)
  repository.commit()
  return folder
}

const commitOf = (folder: string) =>
  gitOnHost(new AbortController().signal, { PATH: process.env['PATH'], ...gitEnvironment }).commit(
    folder,
    'HEAD',
  )

const shown = (read: ConfigFiles | null): unknown =>
  read && [read.main, [...read.files].map(([path, bytes]) => [path, String(bytes)]).sort()]

describe('a configuration and the files that it includes', () => {
  test('are read from the disk and from a commit', async () => {
    const folder = repositoryOf(tree)
    const main = join(folder, 'nginx/nginx.conf')
    const { content, isOutside } = await namedFiles(rangeOf(folder, [])).readConfig(main, 'nginx')
    expect(isOutside).toBe(false)
    expect([...content.files.keys()].sort()).toEqual([
      '../shared.conf',
      'mime.types',
      'nginx.conf',
      'params',
      'sites/eu/a.conf',
      'sites/eu/b.conf',
    ])
    const committed = await (await commitOf(folder)).readConfig(main, 'nginx')
    expect(
      [...(committed?.files ?? [])]
        .map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
        .sort(),
    ).toEqual(
      [...content.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]).sort(),
    )
    expect(
      shown(await (await commitOf(folder)).readConfig(join(folder, 'none'), 'nginx')),
    ).toBeNull()
  })

  test('are left out where they are outside of the repository', async () => {
    const top = tempDir()
    const folder = join(top, 'repository')
    mkdirSync(join(folder, '.git'), { recursive: true })
    mkdirSync(join(top, 'host'))
    writeFileSync(join(top, 'host/secret.conf'), 'secret;')
    symlinkSync('../host/secret.conf', join(folder, 'link.conf'))
    const host = join(top, 'host')
    writeFileSync(
      join(folder, 'nginx.conf'),
      `include ${host}/*.conf; include ${host}/secret.conf; include *.conf; include ../host/secret.conf; include /proc/self/environ;`,
    )
    const main = join(folder, 'nginx.conf')
    const inside = await namedFiles(rangeOf(folder, [])).readConfig(main, 'nginx')
    expect([...inside.content.files.keys()]).toEqual(['nginx.conf'])
    const allowed = await namedFiles(rangeOf(folder, [host])).readConfig(main, 'nginx')
    expect(allowed.isOutside).toBe(true)
    expect([...allowed.content.files.keys()]).toContain(`${host}/secret.conf`)
    writeFileSync(join(host, 'secret.cfg'), 'secret')
    symlinkSync('../host', join(folder, 'conf.d'))
    const haproxy = await namedFiles(rangeOf(folder, [])).readConfig(main, 'haproxy')
    expect([...haproxy.content.files.keys()]).toEqual(['nginx.conf'])
    await expect(
      namedFiles(rangeOf(folder, [])).readConfig(join(host, 'secret.conf'), 'nginx'),
    ).rejects.toThrow(OutsideError)
  })

  test('of HAProxy are those of the folder conf.d next to it, in the order of HAProxy', async () => {
    const folder = repositoryOf({
      'lb/haproxy.cfg': 'global\n',
      'lb/conf.d/b.cfg': 'backend b\n',
      'lb/conf.d/Z.cfg': 'backend z\n',
      'lb/conf.d/.hidden.cfg': '\n',
      'lb/conf.d/notes.txt': '\n',
      'lb/conf.d/old.cfg/c.cfg': '\n',
      'lb/other.cfg': '\n',
    })
    const main = join(folder, 'lb/haproxy.cfg')
    const { content } = await namedFiles(rangeOf(folder, [])).readConfig(main, 'haproxy')
    const names = ['haproxy.cfg', 'conf.d/Z.cfg', 'conf.d/b.cfg']
    expect(haproxyOrder(content).map(([path]) => path)).toEqual(names)
    const committed = await (await commitOf(folder)).readConfig(main, 'haproxy')
    expect([...(committed?.files.keys() ?? [])].sort()).toEqual(names.sort())
  })

  test('of httpd are found by their variables and folders', async () => {
    const folder = repositoryOf({
      'httpd/httpd.conf':
        'Define SITES sites\nInclude $\u007bSITES}/*.conf\nIncludeOptional mods\nInclude gone.conf\n',
      'httpd/sites/a.conf': 'Include conf/b.conf\n',
      'httpd/conf/b.conf': 'Include httpd.conf\n',
      'httpd/mods/x/y.load': 'LoadModule a b\n',
      'httpd/unused.conf': '\n',
    })
    const main = join(folder, 'httpd/httpd.conf')
    const { content } = await namedFiles(rangeOf(folder, [])).readConfig(main, 'httpd')
    const names = ['conf/b.conf', 'httpd.conf', 'mods/x/y.load', 'sites/a.conf']
    expect([...content.files.keys()].sort()).toEqual(names)
    const committed = await (await commitOf(folder)).readConfig(main, 'httpd')
    expect([...(committed?.files.keys() ?? [])].sort()).toEqual(names)
  })
})
