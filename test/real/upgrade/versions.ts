import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { bytesOf, type NewNginx } from './builds.ts'
import { startHost } from './host.ts'

/** Several versions that were replaced, and the way back to each of them. */
export const checkVersions = async (built: NewNginx, old: string): Promise<void> => {
  const host = await startHost({ nginx: old })
  const install = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await built.upgrade(host, ['--install', ...args])
    expect(exitCode, stderr).toBe(0)
  }
  const kept = () =>
    Object.keys(host.files()).filter((name) => name.startsWith('sbin/nginx.sessctl-previous'))
  await install()
  // The names of older versions have whole seconds.
  await sleep(1000)
  await install()
  expect(kept()).toEqual([
    'sbin/nginx.sessctl-previous',
    expect.stringMatching(/^sbin\/nginx\.sessctl-previous-\d{8}T\d{6}Z$/),
  ])
  const { stdout } = await built.goOn(host, ['--rollback', '--dry-run'])
  expect(stdout).toMatch(
    /done\n {2}--rollback +nginx 1\.22\.1, .*\n {2}--rollback --generation 2 +nginx 1\.26\.3, .*\n$/,
  )
  const none = await built.goOn(host, ['--rollback', '--generation', '3'])
  expect(none.stderr).toContain('only 2 previous versions are kept')
  const back = await built.goOn(host, ['--rollback', '--generation', '2'])
  expect(back.stdout).toBe(`${host.sbin}: back to 1.26.3\n`)
  expect(host.files()['sbin/nginx']).toBe(bytesOf(old))
  expect(kept()).toHaveLength(2)
  await install('--keep', '1')
  expect(kept()).toEqual(['sbin/nginx.sessctl-previous'])
  expect(host.files()['sbin/nginx.sessctl-previous']).toBe(bytesOf(old))

  // An upgrade that is rolled back forgets nothing of this.
  const config = join(host.folder, 'conf/nginx.conf')
  const text = readFileSync(config, 'utf8')
  const before = { tree: host.tree(), files: host.files() }
  writeFileSync(config, `${text}no_such_directive;`)
  expect((await built.upgrade(host, ['--install'])).exitCode).toBe(3)
  writeFileSync(config, text)
  expect(host.files()).toEqual(before.files)
  const again = await built.goOn(host, ['--rollback'])
  expect(again.stdout).toBe(`${host.sbin}: back to 1.26.3\n`)
}
