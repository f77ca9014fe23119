import { spawnSync } from 'node:child_process'
import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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

/**
 * Words before a command so that programs run with the C library and the other libraries of another root, and
 * with those of this host where the root has none; a text says why not.
 * @param root of a release that is not older than this host: its C library runs the host's programs, too.
 * @param folder for the cache of the loader.
 */
export const withLibraries = (root: string, folder: string): readonly string[] | string => {
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`
  const loader = 'ld-linux-x86-64.so.2'
  const [list, cache] = [join(folder, 'libraries'), join(folder, 'ld.so.cache')]
  writeFileSync(list, [libraries, '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'].join('\n'))
  const made = spawnSync('/sbin/ldconfig', ['-X', '-C', cache, '-f', list], { encoding: 'utf8' })
  if (made.status !== 0) return made.stderr
  let own = ''
  try {
    own = realpathSync(`/lib64/${loader}`)
  } catch {
    return 'the libraries of another release are of another machine'
  }
  // Both at once: nothing runs with one of them alone.
  const table = join(folder, 'fstab')
  const lines = [
    `${cache} /etc/ld.so.cache none bind 0 0`,
    `${libraries}/${loader} ${own} none bind 0 0`,
  ]
  writeFileSync(table, `${lines.join('\n')}\n`)
  return unshare(['--mount'], `mount --all --fstab '${table}'`)
}
