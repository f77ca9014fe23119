import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Finished, run } from './process.ts'
import { findByName, type Missing, type Toolchain } from './servers.ts'

/** A Debian in a folder, as `scripts/install-servers` installs it. */
export interface DebianRoot {
  readonly path: string
}

const isRoot = process.getuid?.() === 0

const rootOf = (name: string): DebianRoot | Missing => {
  const found = findByName(name)
  return 'missing' in found ? found : { path: found.path }
}

const namespaces = ['--mount', '--pid', '--fork', '--net', '--kill-child'] as const

const hasNamespaces = (): boolean =>
  spawnSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

/** The bare system. Its files have the owners of their packages: only root can work in it. */
export const findDebian = (): DebianRoot | Missing =>
  isRoot && hasNamespaces()
    ? rootOf('debian-system')
    : { missing: 'packages are installed as root only, in namespaces of its own', isGap: true }

/** lintian, rpm and rpmlint, to be put over the system. */
export const findPackaging = (): DebianRoot | Missing => rootOf('debian-packaging')

/** Packages of Debian's nginx, as files. */
export const findPackages = (): DebianRoot | Missing => rootOf('debian-packages')

const enter = `
  mount -t tmpfs none "$1"
  mkdir "$1/upper" "$1/work" "$1/root"
  root=$1/root
  mount -t overlay none -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$root"
  mkdir -p "$root/proc" "$root/shared" "$root/debs" "$root$5"
  mount -t proc none "$root/proc"
  mount --bind "$3" "$root/shared"
  mount --bind "$4" "$root/debs"
  mount --bind "$5" "$root$5"
  ip link set lo up
  exec chroot "$root" /bin/bash -c "$6"`

/** Functions of every script: expect what a command prints, and ask a server. */
const functions = `
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C
set -e
cd /shared
# A server is ours to start: what a package starts without systemd, it starts in these namespaces.
printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
said() { printf '%s=%s\\n' "$1" "$2"; }
status() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | tr -d '\\r'
  exec 3>&-
}
# Files and folders, without what package managers and tests write.
tree() {
  find / -xdev \\( -path /shared -o -path /debs -o -path /proc -o -path /tmp -o -path /root -o -path /var/lib/dpkg \\
    -o -path /var/lib/rpm -o -path /var/log/dpkg.log -o -path /var/log/apt -o -path /var/cache/apt \\
    -o -path /var/lib/apt -o -path /usr/sbin/policy-rc.d \\) -prune -o -printf '%p %y %m %u\\n' | sort
}
`

export interface InRoot {
  /** The lowest last. */
  readonly layers: readonly DebianRoot[]
  /** At /shared. */
  readonly folder: string
  /** At /debs. */
  readonly packages: DebianRoot
  /** What the tests built needs its libraries, at its own path. */
  readonly toolchain: Toolchain
}

/**
 * Runs a bash script in a Debian of its own: with its own processes and network, and a file system
 * that is gone afterwards.
 */
export const runInDebian = (
  { layers, folder, packages, toolchain }: InRoot,
  script: string,
): Promise<Finished> => {
  const place = `${folder}/.root`
  mkdirSync(place, { recursive: true })
  return run(
    [
      'unshare',
      ...namespaces,
      'sh',
      '-ec',
      enter,
      'sh',
      place,
      layers.map(({ path }) => path).join(':'),
      folder,
      packages.path,
      dirname(toolchain.bin),
      functions + script,
    ],
    folder,
    240_000,
  )
}

/** The values of `said NAME VALUE`, in their order. */
export const saidIn = ({ output }: Finished): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...output.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )

const enterTools = `
  mount -t tmpfs none "$1"
  mkdir "$1/upper" "$1/work" "$1/root"
  mount -t overlay none -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
  mkdir -p "$1/root/proc" "$1/root$PWD"
  mount -t proc none "$1/root/proc"
  mount --bind "$PWD" "$1/root$PWD"
  root=$1; shift 2
  exec chroot "$root/root" /bin/sh -ec 'cd "$0"; exec "$@"' "$PWD" "$@"`

/** A program of a Debian, as a command that works in the current folder only. */
export const writeLauncher = (
  file: string,
  program: string,
  layers: readonly DebianRoot[],
): void => {
  const place = `${file}.root`
  mkdirSync(place, { recursive: true })
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
  const lower = layers.map(({ path }) => path).join(':')
  const words = ['unshare', '--mount', 'sh', '-ec', enterTools, 'sh', place, lower, program]
  writeFileSync(file, `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`, { mode: 0o755 })
}
