import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { sha256Hex } from '../../src/build-nginx/core/digest.ts'
import { buildNginx, findNginxSource, lean } from './support/build.ts'
import {
  findDebian,
  findPackages,
  findPackaging,
  runInDebian,
  saidIn,
  writeLauncher,
} from './support/debian-root.ts'
import { findToolchain, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

vi.setConfig({ testTimeout: 900_000 })

/** What the tests' own compilers put into a binary. */
const ofToolchain = /custom-library-search-path|binary-or-shlib-defines-rpath/

/** See docs/build-nginx.md: what rpmlint reports by design. */
const rpmlintByDesign =
  /: (?:unstripped-binary-or-object|dir-or-file-in-opt|only-non-binary-in-usr-lib|no-signature|invalid-license BSD-2-Clause|non-coherent-filename)\b/

const unit = '/usr/lib/systemd/system/nginx-sessctl.service'

/** Starts the service with the command lines of its unit, as systemd would. */
const start = `sh -ec "$(sed -n 's/^ExecStart\\(Pre\\)\\?=//p' ${unit})"`

/** A file that was changed, a running server, an upgrade, log rotation, a removal and a purge. */
const life = (commands: {
  readonly install: string
  readonly upgrade: string
  readonly remove: string
}): string => `
${commands.install}
said user "$(getent passwd nginx-sessctl | cut -d: -f6-)"
said enabled "$(ls /etc/systemd/system/*.wants/nginx-sessctl.service 2>/dev/null || echo no)"
${start}
said served "$(status 80)"
pid=/run/nginx-sessctl/nginx.pid
old=$(cat $pid)
said worker "$(stat -c %U /proc/$(cat /proc/$old/task/$old/children | cut -d' ' -f1))"
echo '# mine' >>/etc/opt/nginx-sessctl/nginx.conf
${commands.upgrade}
said upgraded "$(status 80) $([ "$(cat $pid)" != $old ] && echo by a new master)"
said kept "$(tail -n 1 /etc/opt/nginx-sessctl/nginx.conf)"
logrotate --force /etc/logrotate.d/nginx-sessctl
log=/var/log/nginx-sessctl/access.log
# Workers open the new file a moment after the signal; for a minute at most.
tries=600
until [ -s $log ] || [ $((tries -= 1)) -lt 0 ]; do status 80 >/dev/null; sleep 0.1; done
said logged "$([ -s $log ] && echo yes) $(stat -c %U:%G:%a $log)"
master=$(cat $pid)
${commands.remove}
said stopped "$([ -d /proc/$master ] && echo no || echo yes)"
`

const lived = {
  user: '/opt/nginx-sessctl:/usr/sbin/nologin',
  enabled: 'no',
  served: 'HTTP/1.1 200 OK',
  worker: 'nginx-sessctl',
  upgraded: 'HTTP/1.1 200 OK by a new master',
  kept: '# mine',
  logged: 'yes nginx-sessctl:adm:640',
  stopped: 'yes',
}

withServers(
  {
    toolchain: findToolchain(),
    source: findNginxSource('1.22'),
    debian: findDebian(),
    packaging: findPackaging(),
    packages: findPackages(),
  },
  'a .deb and an .rpm bring a service that is installed, upgraded, removed and purged on a bare Debian',
  async ({ toolchain, source, debian, packaging, packages }) => {
    const [cwd, cache] = [tempDir(), tempDir()]
    mkdirSync(join(cwd, 'bin'))
    writeLauncher(join(cwd, 'bin/rpmbuild'), 'rpmbuild', [packaging, debian])
    const bin = `${join(cwd, 'bin')}:${toolchain.bin}`
    const build = async (...args: readonly string[]) => {
      const all = ['--source', source.tarball, ...args, '--', ...lean]
      const built = await buildNginx(all, { cwd, toolchain: { ...toolchain, bin }, cache })
      expect(built.stderr).toBe('')
    }
    await build('-o', '1.deb', '-o', '1.rpm', '-o', 'again.rpm')
    const bytes = (name: string): string => sha256Hex(readFileSync(join(cwd, name)))
    expect(bytes('again.rpm')).toBe(bytes('1.rpm'))
    // A package that sessctl wrote is replaced.
    await build('-o', '2.deb', '-o', '2.rpm', '-o', 'again.rpm', '--revision', '2')
    expect(bytes('again.rpm')).toBe(bytes('2.rpm'))

    const bare = { layers: [debian], folder: cwd, packages, toolchain }
    const apt = 'apt-get -qq --yes install'
    const deb = await runInDebian(
      bare,
      `
tree >/tmp/before
${life({
  install: `${apt} ./1.deb`,
  upgrade: `${apt} ./2.deb`,
  remove: 'dpkg --remove nginx-sessctl',
})}
said conffile "$(ls /etc/opt/nginx-sessctl/nginx.conf)"
${apt} ./1.deb
said again "$(tail -n 1 /etc/opt/nginx-sessctl/nginx.conf)"
DPKG_MAINTSCRIPT_NAME=postinst DPKG_MAINTSCRIPT_PACKAGE=nginx-sessctl /var/lib/dpkg/info/nginx-sessctl.postinst configure
dpkg --purge nginx-sessctl
said gone "$(getent passwd nginx-sessctl || echo yes)"
tree >/tmp/after
said left "$(diff /tmp/before /tmp/after | grep '^[<>]' | grep -Ev ' (/etc/(shadow|passwd|group|gshadow)-|/var/lib/logrotate/status) ' | tr '\\n' ' ')"`,
    )
    expect(saidIn(deb), deb.output).toEqual({
      ...lived,
      conffile: '/etc/opt/nginx-sessctl/nginx.conf',
      again: '# mine',
      gone: 'yes',
      left: '',
    })
    expect(deb.exitCode).toBe(0)

    // Without the database of rpm, dependencies are unknown here.
    const rpm = await runInDebian(
      { ...bare, layers: [packaging, debian] },
      `
${life({
  install: 'rpm --install --nodeps 1.rpm',
  upgrade: 'rpm --upgrade --nodeps 2.rpm',
  remove: 'rpm --erase nginx-sessctl',
})}
said saved "$(tail -n 1 /etc/opt/nginx-sessctl/nginx.conf.rpmsave)"
said binary "$(ls /opt/nginx-sessctl/sbin/nginx 2>/dev/null || echo gone)"
lintian --allow-root --tag-display-limit 0 1.deb | grep -E '^[EWIP]: ' | sed 's/^/lintian: /' || true
rpmlint 1.rpm | grep -E ': [EW]: ' | sed 's/^/rpmlint: /' || true
said checked yes`,
    )
    const said = saidIn(rpm)
    expect(said, rpm.output).toEqual({ ...lived, saved: '# mine', binary: 'gone', checked: 'yes' })
    const found = (tool: string): readonly string[] =>
      rpm.output.split('\n').filter((line) => line.startsWith(tool) && !ofToolchain.test(line))
    expect(found('lintian: ')).toEqual([])
    expect(found('rpmlint: ').filter((line) => !rpmlintByDesign.test(line))).toEqual([])
    // A check that ran.
    expect(found('rpmlint: ').join('\n')).toContain('no-signature')
  },
)
