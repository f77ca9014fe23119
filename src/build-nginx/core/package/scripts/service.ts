import type { PackageEntry } from '../entries.ts'
import type { Service } from '../service/service.ts'
import { otherArguments, runningFunction, script, stopFunction, upgradeFunction } from './parts.ts'

const prepare = ({ name, ownFolders }: Service): string =>
  [
    `systemd-sysusers ${name}.conf`,
    ...(ownFolders.length === 0 ? [] : [`systemd-tmpfiles --create ${name}.conf`]),
  ].join('\n        ')

/** Folders of every host. Listed in the package, they would be removed with it when they are empty. */
export const sharedFolders: readonly string[] = ['opt', 'etc/opt']

const preinst = (): PackageEntry =>
  script(
    'preinst',
    `case "$1" in
    install | upgrade)
        mkdir -p ${sharedFolders.map((folder) => `/${folder}`).join(' ')}
        ;;
    abort-upgrade) ;;
${otherArguments('preinst')}
esac`,
  )

const daemonReload = `if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null
fi`

const postinst = (service: Service): PackageEntry => {
  const { name, places } = service
  return script(
    'postinst',
    runningFunction(places.sbin, places.pid),
    upgradeFunction,
    `case "$1" in
    configure)
        ${prepare(service)}
        ;;
    abort-upgrade | abort-remove | abort-deconfigure) ;;
${otherArguments('postinst')}
esac

# The unit is neither enabled nor started by an installation: another server may have the ports.
if deb-systemd-helper debian-installed ${name}.service; then
    deb-systemd-helper unmask ${name}.service >/dev/null
    if deb-systemd-helper --quiet was-enabled ${name}.service; then
        deb-systemd-helper enable ${name}.service >/dev/null
    fi
fi
deb-systemd-helper update-state ${name}.service >/dev/null
${daemonReload}

if [ "$1" = configure ] && [ -n "$2" ] && running; then
    upgrade
fi`,
  )
}

const prerm = ({ name, places }: Service): PackageEntry =>
  script(
    'prerm',
    runningFunction(places.sbin, places.pid),
    stopFunction,
    `case "$1" in
    remove)
        if [ -d /run/systemd/system ]; then
            deb-systemd-invoke stop ${name}.service
        fi
        if running; then
            stop
        fi
        ;;
    upgrade | deconfigure | failed-upgrade) ;;
${otherArguments('prerm')}
esac`,
  )

/** The packages of these programs may be removed already: an essential one is no dependency of a purge. */
const removeAccount = ({
  user,
  group,
}: Service): string => `        if getent passwd ${user} >/dev/null; then
            userdel ${user}
        fi
        if getent group ${group} >/dev/null; then
            groupdel ${group}
        fi`

const postrm = (service: Service): PackageEntry => {
  const { name, ownFolders, user } = service
  const isOwnUser = user === name
  return script(
    'postrm',
    `case "$1" in
    remove)
        ${daemonReload.replaceAll('\n', '\n        ')}
        ;;
    purge)
        deb-systemd-helper purge ${name}.service >/dev/null
        rm -rf ${ownFolders.join(' ')}
${isOwnUser ? removeAccount(service) : ''}        ;;
    upgrade | failed-upgrade | abort-install | abort-upgrade | disappear) ;;
${otherArguments('postrm')}
esac`,
  )
}

/** Of a .deb. */
export const serviceScripts = (service: Service): readonly PackageEntry[] => [
  preinst(),
  postinst(service),
  prerm(service),
  postrm(service),
]

export interface Scriptlets {
  readonly post: string
  readonly preun: string
  readonly postun: string
}

/** Of an .rpm, whose first argument is how many of its versions are installed then. */
export const serviceScriptlets = (service: Service): Scriptlets => {
  const { name, places } = service
  const running = runningFunction(places.sbin, places.pid)
  return {
    post: `set -e
${running}
${upgradeFunction}
${prepare(service).replaceAll('\n        ', '\n')}
${daemonReload}
if [ "$1" -ge 2 ] && running; then
    upgrade
fi`,
    preun: `set -e
${running}
${stopFunction}
if [ "$1" -eq 0 ]; then
    if [ -d /run/systemd/system ]; then
        systemctl --no-reload disable --now ${name}.service
    fi
    if running; then
        stop
    fi
fi`,
    postun: `set -e
${daemonReload}`,
  }
}
