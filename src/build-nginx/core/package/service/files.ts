import type { PackageEntry } from '../entries.ts'
import type { Service } from './service.ts'

/** What nginx itself needs as root: ports below 1024, workers of another user, and their folders. */
const capabilities = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_KILL',
  'CAP_NET_BIND_SERVICE',
  'CAP_SETGID',
  'CAP_SETUID',
]

/**
 * KILL reaches the old master of an upgrade, too: mixed ends every process of the unit.
 * Not in it, because configurations need them: ProtectSystem=strict (caches in other folders),
 * MemoryDenyWriteExecute (pcre_jit, Lua), PrivateNetwork.
 */
export const unitText = ({ name, release, places: { sbin, pid } }: Service): string => `[Unit]
Description=nginx ${release} (${name})
Documentation=https://nginx.org/en/docs/
After=network-online.target remote-fs.target nss-lookup.target
Wants=network-online.target

[Service]
Type=forking
PIDFile=${pid}
ExecStartPre=${sbin} -t -q
ExecStart=${sbin}
ExecReload=${sbin} -t -q
ExecReload=/bin/kill -s HUP $MAINPID
# Requests that are in progress are finished.
KillSignal=SIGQUIT
KillMode=mixed
TimeoutStopSec=30
Restart=on-failure
LimitNOFILE=65536

CapabilityBoundingSet=${capabilities.join(' ')}
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=full
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`

/** See sysusers.d(5); a group of another name is made first. */
export const sysusersText = ({ user, group, places: { prefix } }: Service): string =>
  user === group
    ? `u ${user} - "nginx" ${prefix} -\n`
    : `g ${group} -\nu ${user} -:${group} "nginx" ${prefix} -\n`

/** See tmpfiles.d(5): what is below /run is gone after a boot. */
export const tmpfilesText = ({ ownFolders }: Service): string =>
  ownFolders.map((folder) => `d ${folder} 0755 root root -\n`).join('')

export const logrotateText = ({ user, places: { logs, pid } }: Service): string => {
  const folders = new Set(logs.map((path) => path.slice(0, path.lastIndexOf('/'))))
  return `${[...folders].map((folder) => `${folder}/*.log`).join(' ')} {
    daily
    rotate 14
    missingok
    notifempty
    compress
    delaycompress
    create 0640 ${user} adm
    sharedscripts
    postrotate
        if [ -s ${pid} ]; then
            kill -USR1 "$(cat ${pid})"
        fi
    endscript
}
`
}

const file = (path: string, text: string): PackageEntry => ({
  path,
  mode: 0o644,
  content: Buffer.from(text),
})

/** Read by systemd of every distribution, and of Debian before usr-merge. */
const units = 'usr/lib/systemd/system'

export const serviceEntries = (service: Service): readonly PackageEntry[] => {
  const { name, ownFolders } = service
  return [
    file(`${units}/${name}.service`, unitText(service)),
    file(`usr/lib/sysusers.d/${name}.conf`, sysusersText(service)),
    ...(ownFolders.length === 0
      ? []
      : [file(`usr/lib/tmpfiles.d/${name}.conf`, tmpfilesText(service))]),
    file(`etc/logrotate.d/${name}`, logrotateText(service)),
  ]
}
