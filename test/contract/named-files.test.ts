import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { namedFiles } from '../../src/adapters/named/files.ts'
import { type Range, rangeOf } from '../../src/adapters/named/range.ts'
import { openedPath, pathBelow } from '../../src/adapters/named/real-path.ts'
import { workTreeOf } from '../../src/adapters/named/work-tree.ts'
import { readRegular } from '../../src/adapters/read-regular.ts'
import { OutsideError } from '../../src/errors.ts'
import type { NamedFiles } from '../../src/ports.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const folders = () => {
  const top = tempDir()
  for (const name of ['repository/.git', 'repository/deploy', 'host']) {
    mkdirSync(join(top, name), { recursive: true })
  }
  writeFileSync(join(top, 'host/file'), 'secret')
  writeFileSync(join(top, 'repository/deploy/file'), 'ours')
  return { top, host: join(top, 'host'), deploy: join(top, 'repository/deploy') }
}

describe('the opened file is judged, not what its path leads to later', () => {
  const swap = (link: string, target: string) => {
    rmSync(link, { force: true })
    symlinkSync(target, link)
  }

  test('a link that led to the outside while the file was opened', () => {
    const { host, deploy } = folders()
    const link = join(deploy, 'link')
    swap(link, join(host, 'file'))
    const range = rangeOf(deploy, [])
    const read = () =>
      readRegular(link, 1024, true, (descriptor) => {
        swap(link, 'file')
        // By its path it would be fine.
        expect(range.judge(link)).toBe('inside')
        range.judge(link, openedPath(descriptor, link))
      })
    expect(read).toThrow(OutsideError)
  })

  test('a link that leads to the inside later', () => {
    const { deploy } = folders()
    const link = join(deploy, 'link')
    swap(link, 'file')
    const range = rangeOf(deploy, [])
    const bytes = readRegular(link, 1024, true, (descriptor) =>
      range.judge(link, openedPath(descriptor, link)),
    )
    expect(new TextDecoder().decode(bytes)).toBe('ours')
  })
})

describe('each file is judged again once it is open', () => {
  /** Nothing that is said of paths, and a link that changed before the file was opened. */
  const changed: Range = {
    judge: (path, real) => {
      if (real === undefined) return 'inside'
      expect(real.endsWith(path)).toBe(true)
      throw new OutsideError(path, 'link')
    },
  }
  const readers: readonly (readonly [
    string,
    string,
    (files: NamedFiles, top: string) => Promise<unknown>,
  ])[] = [
    ['a file', 'file', (files, top) => files.read(join(top, 'file'))],
    ['a web.xml', 'web.xml', (files, top) => files.readWebapp(join(top, 'web.xml'))],
    [
      'the web.xml of an application',
      'app/WEB-INF/web.xml',
      (files, top) => files.readWebapp(join(top, 'app')),
    ],
    [
      'the context.xml of an application',
      'app/META-INF/context.xml',
      (files, top) => files.readWebapp(join(top, 'app')),
    ],
    [
      'a file beside server.xml',
      'conf/context.xml',
      (files, top) => files.readConf(join(top, 'conf')),
    ],
    [
      'the file of a context',
      'conf/Catalina/localhost/a.xml',
      (files, top) => files.readConf(join(top, 'conf')),
    ],
  ]
  test.each(readers)('%s', async (_, path, read) => {
    const top = tempDir()
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), '<a/>')
    await expect(read(namedFiles({ judge: () => 'inside' }), top)).resolves.not.toBeNull()
    await expect(read(namedFiles(changed), top)).rejects.toThrow(OutsideError)
  })
})

describe('the readable range', () => {
  test('is the repository of the spec, or else the folder of the spec', () => {
    const { top, host, deploy } = folders()
    expect(rangeOf(deploy, []).judge(join(top, 'repository/x'))).toBe('inside')
    expect(() => rangeOf(host, []).judge(join(top, 'x'))).toThrow(OutsideError)
    expect(rangeOf(host, [top]).judge(join(top, 'x'))).toBe('allowed')
  })

  test('does not include a name with the same beginning', () => {
    const { top, deploy } = folders()
    expect(() => rangeOf(deploy, []).judge(join(top, 'repository2/x'))).toThrow(OutsideError)
    expect(pathBelow('/a', '/a/..b')).toBe('..b')
    expect(pathBelow('/a', '/ab')).toBeNull()
  })

  test('does not include files that show the state of the host, even if it is the root folder', () => {
    for (const path of ['/proc/self/environ', '/sys/kernel', '/dev/mem']) {
      expect(() => rangeOf('/', []).judge(path)).toThrow(OutsideError)
      expect(rangeOf('/', [path]).judge(path)).toBe('allowed')
    }
  })

  test('is not extended by Windows separators', () => {
    const { deploy } = folders()
    expect(rangeOf(deploy, []).judge(join(deploy, '..\\..\\host'))).toBe('inside')
    expect(() => rangeOf(deploy, []).judge(join(deploy, '.GIT/config'))).toThrow(OutsideError)
  })

  test.runIf(process.getuid?.() === 0)('is not extended by the .git of another user', async () => {
    const { chownSync } = await import('node:fs')
    const { top, host } = folders()
    mkdirSync(join(top, '.git'))
    expect(workTreeOf(host)).toBe(top)
    chownSync(join(top, '.git'), 65534, 65534)
    expect(workTreeOf(host)).not.toBe(top)
  })
})
