import { chmodSync, chownSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sharedFolder, theirFolder } from '../../support/second-user.ts'
import { run } from '../support/process.ts'
import { bytesOf, type NewNginx } from './builds.ts'
import { type Host, startHost } from './host.ts'
import { startLoad } from './load.ts'

/** Of `daemon`, whose nginx it becomes. */
const user = 1
/** The C library of the test's nginx may be in a folder that only root can enter: all may be read. */
const asUser = [
  'setpriv',
  ...[`--reuid=${user}`, `--regid=${user}`, '--clear-groups'],
  ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', '--'],
]

const giveAll = ({ folder }: Host): void => {
  chownSync(folder, user, user)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, name), user, user)
  for (const name of readdirSync(join(folder, 'sbin'))) chmodSync(join(folder, 'sbin', name), 0o755)
}

/** An nginx whose master is not root, upgraded by its user under load, in both directions. */
export const checkOtherUser = async (built: NewNginx, old: string): Promise<void> => {
  // Only root can start an nginx of another user.
  if (process.getuid?.() !== 0) return
  const host = await startHost({ nginx: old })
  const first = await built.upgrade(host, ['--upgrade', '--soak', '0.2'])
  expect(first.exitCode, first.stderr).toBe(0)
  host.kill()
  giveAll(host)
  await host.start(asUser)
  const cache = theirFolder(sharedFolder(), 'cache', 0o700)
  chownSync(cache, user, user)
  const env = { SESSCTL_CACHE: cache, TMPDIR: '/tmp' }
  const load = startLoad(host.port)
  const rollback = () => built.goOn(host, ['--rollback'], env, asUser)
  for (const [release, binary] of [
    ['1.26.3', old],
    ['1.22.1', built.nginx],
  ] as const) {
    const [before = 0] = host.masters()
    const { exitCode, stdout, stderr } = await rollback()
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toBe(`${host.sbin}: back to ${release}\n`)
    expect(bytesOf(host.sbin)).toBe(bytesOf(binary))
    expect(host.masters()).not.toContain(before)
  }

  // What its user cannot copy, root has to set.
  const capability = 'cap_net_bind_service=ep'
  await run(['/usr/sbin/setcap', capability, host.sbin], '/', 5_000)
  // Whole seconds, which every program can set again.
  utimesSync(join(host.folder, 'sbin'), 1e9, 1e9)
  const unchanged = { tree: host.tree(), masters: host.masters() }
  const refused = await rollback()
  expect(refused.stderr).toMatch(/the file capabilities and ACLs of \S+ cannot be copied/)
  expect(refused.stderr).toContain(`setcap -r ${host.sbin}`)
  expect(refused.exitCode).toBe(3)
  expect({ tree: host.tree(), masters: host.masters() }).toEqual(unchanged)
  await run(['/usr/sbin/setcap', '-r', host.sbin], '/', 5_000)
  const again = await rollback()
  expect(again.exitCode, again.stderr).toBe(0)
  const { failures, answers } = await load.stop()
  expect(failures).toEqual({})
  expect(answers).toBeGreaterThan(500)
}
