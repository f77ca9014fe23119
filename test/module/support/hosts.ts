import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, run } from '../../real/support/process.ts'
import { tempDir } from '../../real/support/temp-dir.ts'

/** Addresses by host name. */
export type Hosts = Readonly<Record<string, readonly string[]>>

const underOwnHosts = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'

/** The same command, which sees these names in a /etc/hosts of its own (a mount namespace). */
export const withHosts = (command: Command, hosts: Hosts, dir: string): Command => {
  const file = join(dir, 'hosts')
  const lines = Object.entries({ localhost: ['127.0.0.1'], ...hosts }).flatMap(
    ([name, addresses]) => addresses.map((address) => `${address} ${name}\n`),
  )
  writeFileSync(file, lines.join(''))
  const mapping = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const namespace = ['--mount', ...mapping, '--', 'sh', '-c', underOwnHosts, 'sh', file]
  return ['unshare', ...namespace, ...command]
}

/** Whether this host permits it: a container may not. */
export const canHaveHosts = async (): Promise<boolean> => {
  const dir = tempDir()
  const command = withHosts(['getent', 'ahostsv4', 'two.test'], { 'two.test': ['127.0.0.9'] }, dir)
  const { output } = await run(command, dir)
  return output.includes('127.0.0.9')
}
