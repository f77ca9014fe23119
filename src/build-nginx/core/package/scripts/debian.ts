import type { PackageEntry } from '../entries.ts'
import { debianNginx } from '../form.ts'
import { otherArguments, runningFunction, script, upgradeFunction } from './parts.ts'

/** A dynamic module of a package for Debian's nginx. */
export interface DebianModule {
  /** `ngx_http_echo_module.so`. */
  readonly file: string
  /** As in `libnginx-mod-http-echo`. */
  readonly name: string
  /** One that nginx itself brings: it is loaded if the package of Debian was. */
  readonly isStock: boolean
}

const enabled = '/etc/nginx/modules-enabled'
const available = '/usr/share/nginx/modules-available'

const snippetName = ({ name }: DebianModule): string => `mod-${name}-sessctl.conf`

/** Behind Debian's own, which have 10 to 70: a module may need one of them. In the order of loading. */
const linkName = (module: DebianModule, index: number): string =>
  `${80 + Math.min(index, 19)}-${snippetName(module)}`

export const snippets = (
  modules: readonly DebianModule[],
  folder: string,
): readonly PackageEntry[] =>
  modules.map((module) => ({
    path: `${available}/${snippetName(module)}`.slice(1),
    mode: 0o644,
    content: Buffer.from(`load_module ${folder}/${module.file};\n`),
  }))

/** Shell commands for the link of each module. */
const forEach = (
  modules: readonly DebianModule[],
  commands: (link: string, module: DebianModule) => string,
): string =>
  modules
    .map((module, index) => commands(`${enabled}/${linkName(module, index)}`, module))
    .join('\n')

/** What dh_nginx does: a link that the administrator removed stays removed. */
const enable = (modules: readonly DebianModule[]): string =>
  forEach(modules, (link, module) => {
    const debians = `${enabled}/*-mod-${module.name}.conf.removed`
    const isNew = module.isStock ? `[ -z "$2" ] && ls ${debians} >/dev/null 2>&1` : '[ -z "$2" ]'
    return `        if [ -L ${link}.removed ]; then
            mv ${link}.removed ${link}
        elif ${isNew}; then
            ln -sf ${available}/${snippetName(module)} ${link}
        fi`
  })

const disable = (modules: readonly DebianModule[]): string =>
  forEach(
    modules,
    (link) => `        if [ -L ${link} ]; then
            mv ${link} ${link}.removed
        fi`,
  )

const forget = (modules: readonly DebianModule[]): string =>
  forEach(modules, (link) => `        rm -f ${link} ${link}.removed`)

const postrm = (modules: readonly DebianModule[], onRemove: string): PackageEntry =>
  script(
    'postrm',
    `case "$1" in
    purge)
${forget(modules)}
        ;;
    remove)
        ${onRemove}
        ;;
    upgrade | failed-upgrade | abort-install | abort-upgrade | disappear) ;;
${otherArguments('postrm')}
esac`,
  )

/**
 * Of a package with modules only. The nginx package answers to the trigger with a reload, which does
 * not load a module again: nginx keeps the old file in memory until another master starts.
 */
export const moduleScripts = (
  pid: string,
  modules: readonly DebianModule[],
): readonly PackageEntry[] => {
  const trigger = 'dpkg-trigger --no-await nginx-reload'
  return [
    script(
      'postinst',
      runningFunction(debianNginx, pid),
      upgradeFunction,
      `case "$1" in
    configure)
${enable(modules)}
        if [ -n "$2" ] && running; then
            upgrade
        else
            ${trigger}
        fi
        ;;
    abort-upgrade | abort-remove | abort-deconfigure) ;;
${otherArguments('postinst')}
esac`,
    ),
    script(
      'prerm',
      `case "$1" in
    remove)
${disable(modules)}
        ;;
    upgrade | deconfigure | failed-upgrade) ;;
${otherArguments('prerm')}
esac`,
    ),
    postrm(modules, trigger),
  ]
}

/** Of an nginx in place of Debian's: what their scripts do, with the service of nginx-common. */
export const dropInScripts = (
  pid: string,
  modules: readonly DebianModule[],
): readonly PackageEntry[] => [
  script(
    'postinst',
    runningFunction(debianNginx, pid),
    upgradeFunction,
    `case "$1" in
    configure)
${enable(modules)}
        if running; then
            upgrade
        elif [ -n "$(ss -Hnlt 'sport = :80')" ]; then
            echo "nginx is not started: another server has port 80"
        else
            "$nginx" -t -q
            invoke-rc.d nginx start
        fi
        ;;
    triggered)
        # A module of another package was installed, or removed.
        if running; then
            "$nginx" -t -q
            kill -HUP "$master"
        fi
        ;;
    abort-upgrade | abort-remove | abort-deconfigure) ;;
${otherArguments('postinst')}
esac`,
  ),
  script(
    'prerm',
    `case "$1" in
    remove)
        invoke-rc.d nginx stop
${disable(modules)}
        ;;
    upgrade | deconfigure | failed-upgrade) ;;
${otherArguments('prerm')}
esac`,
  ),
  ...(modules.length === 0 ? [] : [postrm(modules, ':')]),
]
