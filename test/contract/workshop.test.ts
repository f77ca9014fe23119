import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskOnHost } from '../../src/build-nginx/adapters/disk.ts'
import { renameBuild } from '../../src/build-nginx/run/build-name.ts'
import type { Tree } from '../../src/build-nginx/run/steps/extract.ts'
import { layOutAll, readState } from '../../src/build-nginx/run/work-folder.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const disk = diskOnHost(new AbortController().signal)

const treeIn = (folder: string): Tree => {
  const verified = { how: 'none' } as const
  return {
    fetched: {
      input: { name: 'nginx', kind: 'nginx', source: { kind: 'local', path: folder } },
      from: folder,
      content: { kind: 'folder', path: folder, files: null },
      signature: null,
      expected: null,
      checkout: null,
      debian: null,
      isNew: false,
    },
    locked: { from: folder, sha256: 'a', verified },
    own: verified,
    folder,
    digest: 'a',
    debianPatches: [],
    isNew: false,
  }
}

test('a script that a patch changes can still be executed', async () => {
  const [source, work] = [tempDir(), join(tempDir(), 'work')]
  writeFileSync(join(source, 'configure'), 'old', { mode: 0o755 })
  writeFileSync(join(source, 'text'), 'old')
  const changes = new Map([
    [
      'nginx',
      new Map<string, string | null>([
        ['configure', 'new'],
        ['text', 'new'],
        ['made', 'new'],
      ]),
    ],
  ])
  const patched = {
    nginx: treeIn(source),
    others: [],
    changes,
    patches: [],
    taints: [],
    texts: new Map<string, string>(),
  }
  await layOutAll(patched, work, 'sessctl-0', disk)
  const modeOf = (name: string) => statSync(join(work, 'nginx', name)).mode & 0o111
  expect([modeOf('configure') !== 0, modeOf('text'), modeOf('made')]).toEqual([true, 0, 0])
  expect(readFileSync(join(work, 'nginx/configure'), 'utf8')).toBe('new')
  expect(readFileSync(join(source, 'configure'), 'utf8')).toBe('old')
  expect((await readState(work, disk))?.name).toBe('sessctl-0')
  writeFileSync(join(work, 'state.json'), '{"half')
  expect(await readState(work, disk)).toBeNull()
})

describe('a renamed build', () => {
  const [before, after] = ['sessctl-0000000000000000', 'sessctl-1111111111111111']
  const workWith = (files: Readonly<Record<string, string>>): string => {
    const work = tempDir()
    const all = {
      'nginx/objs/ngx_auto_config.h': `#define NGX_BUILD "${before}"\n`,
      'nginx/src/core/nginx.h': '#ifdef NGX_BUILD\n',
      'nginx/src/core/nginx.c': 'NGINX_VER_BUILD',
      'nginx/src/core/other.c': '',
      'nginx/objs/src/core/nginx.o': '',
      'nginx/objs/src/core/other.o': '',
      ...files,
    }
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(join(work, path, '..'), { recursive: true })
      writeFileSync(join(work, path), text)
    }
    return work
  }
  test('removes the objects that contain the name, and no others', async () => {
    const work = workWith({
      'modules/x/x.c': 'NGX_CONFIGURE',
      'nginx/objs/addon/x/x.o': '',
    })
    expect(await renameBuild(work, after, disk)).toBe(true)
    const left = (await disk.list(join(work, 'nginx/objs')))
      .filter(({ kind }) => kind === 'file')
      .map(({ path }) => path)
    expect(left).toEqual(['ngx_auto_config.h', 'src/core/other.o'])
    const header = readFileSync(join(work, 'nginx/objs/ngx_auto_config.h'), 'utf8')
    expect(header).toBe(`#define NGX_BUILD "${after}"\n`)
  })
  test('is refused if a header contains the name, or if no object does', async () => {
    const header = workWith({ 'modules/x/x.h': 'NGINX_VER_BUILD' })
    expect(await renameBuild(header, after, disk)).toBe(false)
    const none = workWith({ 'nginx/objs/ngx_auto_config.h': '' })
    expect(await renameBuild(none, after, disk)).toBe(false)
  })
})
