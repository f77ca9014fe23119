import { spawnSync } from 'node:child_process'

/** Namespaces of the kernel, as far as this user may make them. */
const unshare = (flags: readonly string[], script: string): readonly string[] | string => {
  const mapped = process.getuid?.() === 0 ? flags : ['--user', '--map-root-user', ...flags]
  const words = ['unshare', ...mapped, 'sh', '-ec', `${script}\nexec "$@"`, 'sh']
  const [program = '', ...args] = [...words, 'true']
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status === 0) return words
  return (error?.message ?? stderr.trim()) || `unshare ended with ${status}`
}

/** Words before a command so that it has 127.0.0.1 and no other address; a text says why not. */
export const withOneAddress = (): readonly string[] | string =>
  unshare(
    ['--net'],
    'ip link set lo up; ip addr add 127.0.0.1/32 dev lo; ip addr del 127.0.0.1/8 dev lo; ! ip -6 addr show dev lo | grep -q inet6 || ip -6 addr flush dev lo',
  )

/** Words before a command so that a folder is a file system with so many bytes; a text says why not. */
export const withSmallFolder = (folder: string, bytes: number): readonly string[] | string =>
  unshare(['--mount'], `mount -t tmpfs -o size=${bytes} tmpfs '${folder}'`)

/** Words before a command so that nothing can be written but in one folder; a text says why not. */
export const withReadOnlyFolders = (folders: readonly string[]): readonly string[] | string =>
  unshare(
    ['--mount'],
    folders
      .map((folder) => `mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'`)
      .join('\n'),
  )
