/** Where the distributions keep httpd's modules; the first is below the server root. */
const usualFolders = [
  'modules',
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/usr/lib/httpd/modules',
  '/usr/lib/apache2',
  '/usr/lib64/apache2',
  '/usr/lib64/apache2-prefork',
  '/usr/local/apache2/modules',
  '/usr/libexec/apache2',
  '/usr/local/libexec/apache24',
]

/** httpd needs exactly one of them; the first one that exists is loaded. */
const processModels = ['mpm_event', 'mpm_worker', 'mpm_prefork']

/** Each module, and the text of artifacts that needs it. */
const modules: readonly (readonly [name: string, needed: RegExp])[] = [
  ['authz_core', /^\s*Require\b/im],
  ['authn_core', /^\s*Auth(?:Type|Name)\b/im],
  ['authn_file', /^\s*AuthUserFile\b/im],
  ['auth_basic', /^\s*AuthBasic/im],
  ['authz_user', /^\s*Require (?:valid-)?user\b/im],
  ['authz_host', /^\s*Require (?:not )?(?:ip|host|local)\b/im],
  ['dir', /^\s*DirectoryIndex\b/im],
  ['alias', /^\s*(?:Alias|Redirect)/im],
  ['autoindex', /^\s*Options .*\+Indexes/im],
  ['expires', /^\s*Expires/im],
  ['env', /^\s*(?:SetEnv|PassEnv)\b/im],
  ['setenvif', /^\s*(?:SetEnvIf|BrowserMatch)/im],
  ['headers', /^\s*(?:Request)?Header\b/im],
  ['rewrite', /^\s*Rewrite/im],
  ['mime', /^\s*AddType\b/im],
  ['proxy', /^\s*<?Proxy/im],
  ['proxy_http', /\bhttps?:\/\//i],
  ['proxy_balancer', /\bbalancer:\/\//i],
  ['slotmem_shm', /\bbalancer:\/\//i],
  ['lbmethod_byrequests', /\bbalancer:\/\//i],
  ['lbmethod_bytraffic', /\blbmethod=bytraffic\b/i],
  ['lbmethod_bybusyness', /\blbmethod=bybusyness\b/i],
  ['watchdog', /\bhcmethod=/i],
  ['proxy_hcheck', /\bhcmethod=|^\s*ProxyHC/im],
  ['remoteip', /^\s*RemoteIP/im],
  ['socache_shmcb', /^\s*SSLSessionCache\s+shmcb/im],
  ['ssl', /^\s*SSL/im],
  ['status', /\bserver-status\b/i],
  ['unixd', /^\s*(?:User|Group)\b/im],
]

/** Generated files name all modules that they need, also those of features without an entry above. */
const named = (artifacts: string): readonly string[] =>
  [...artifacts.matchAll(/^# It needs the modules ([a-z0-9_ ]+)$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  )

/** The beginning of the message with which httpd stops when a module is missing. */
export const lackMarker = 'sessctl: no module '

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

const loadFrom = (name: string, folder: string): readonly string[] => {
  const file = quoted(`${folder}/mod_${name}.so`)
  return [
    `<IfModule !${name}_module>`,
    `<IfFile ${file}>`,
    `LoadModule ${name}_module ${file}`,
    '</IfFile>',
    '</IfModule>',
  ]
}

const processModel = (folders: readonly string[]): readonly string[] => {
  const none = processModels.map((name) => `<IfModule !${name}_module>`)
  const loads = processModels.flatMap((name) => folders.map((folder) => loadFrom(name, folder)))
  return loads.flatMap((load) => [...none, ...load, ...none.map(() => '</IfModule>')])
}

/**
 * Loads the modules that balancers use, from the first folder that has them and unless they are
 * compiled in. httpd stops with `lackMarker` when a module is missing that the artifacts need.
 * @param folder SESSCTL_HTTPD_MODULES; null: only the usual folders.
 */
export const loadModules = (folder: string | null, artifacts: string): readonly string[] => {
  const folders = folder === null ? usualFolders : [folder, ...usualFolders]
  const used = modules.filter(([, needed]) => needed.test(artifacts)).map(([name]) => name)
  const needed = new Set([...used, ...named(artifacts)])
  const all = new Set([...modules.map(([name]) => name), ...needed])
  return [
    ...processModel(folders),
    ...[...all].flatMap((name) => folders.flatMap((known) => loadFrom(name, known))),
    ...[...needed].flatMap((name) => [
      `<IfModule !${name}_module>`,
      `Error "${lackMarker}mod_${name}"`,
      '</IfModule>',
    ]),
  ]
}
