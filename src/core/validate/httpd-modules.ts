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

/** Modules of httpd itself that run no code of the configuration while it is read. */
const others =
  'access_compat actions allowmethods asis auth_digest auth_form authn_anon authn_dbd authn_dbm authn_socache authnz_fcgi authz_dbd authz_dbm authz_groupfile authz_owner brotli buffer cache cache_disk cache_socache cern_meta cgi cgid charset_lite data dav dav_fs dav_lock dbd deflate dumpio echo ext_filter filter http2 ident imagemap include info lbmethod_heartbeat log_config log_debug log_forensic logio macro mime_magic negotiation proxy_ajp proxy_connect proxy_express proxy_fcgi proxy_ftp proxy_html proxy_http2 proxy_scgi proxy_uwsgi proxy_wstunnel ratelimit reflector reqtimeout request sed session session_cookie session_crypto session_dbd slotmem_plain socache_dbm socache_memcache socache_redis speling substitute unique_id userdir usertrack version vhost_alias xml2enc'.split(
    ' ',
  )

const known: ReadonlySet<string> = new Set([...modules.map(([name]) => name), ...others])

/** Whether a check may load the module; one that is compiled in, or runs the processes, counts. */
export const isLoadable = (name: string): boolean =>
  known.has(name) || /^(?:core|so|http|mpm_\w+)$/.test(name)

/**
 * Loads the modules that balancers use, from the first folder that has them and unless they are
 * compiled in. httpd stops with `lackMarker` when a module is missing that the artifacts need.
 * @param folder SESSCTL_HTTPD_MODULES; null: only the usual folders.
 */
export const loadModules = (folder: string | null, artifacts: string): readonly string[] => {
  const used = modules.filter(([, needed]) => needed.test(artifacts)).map(([name]) => name)
  return loading(folder, new Set([...used, ...named(artifacts)]), [])
}

/**
 * Loads the modules for an existing configuration.
 * @param loaded those of its LoadModule; null: it has none, so that it may have all of them.
 */
export const loadModulesOf = (
  folder: string | null,
  loaded: readonly string[] | null,
): readonly string[] =>
  loaded === null
    ? loading(folder, new Set(), others)
    : loading(folder, new Set(loaded.filter((name) => known.has(name))), [])

const loading = (
  folder: string | null,
  needed: ReadonlySet<string>,
  wanted: readonly string[],
): readonly string[] => {
  const folders = folder === null ? usualFolders : [folder, ...usualFolders]
  const all = new Set([...modules.map(([name]) => name), ...wanted, ...needed])
  return [
    ...processModel(folders),
    ...[...all].flatMap((name) => folders.flatMap((each) => loadFrom(name, each))),
    ...[...needed].flatMap((name) => [
      `<IfModule !${name}_module>`,
      `Error "${lackMarker}mod_${name}"`,
      '</IfModule>',
    ]),
  ]
}
