import type { Variant } from './over-variants.ts'

export interface Config {
  /** The lines of each upstream block, by its name. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>
  readonly workers?: number
  /** More of `http { }`; `$port` is the port. */
  readonly http?: string
  /** More of every server that passes requests on. */
  readonly server?: string
  /** More of `location /` of those servers. */
  readonly location?: string
  /** How the file is written; `latin1`: each character is a byte. */
  readonly encoding?: 'utf8' | 'latin1'
  /** Parameters of `listen`, and the scheme of `proxy_pass`. */
  readonly listen?: string
  readonly scheme?: 'http' | 'https'
}

interface Place {
  readonly variant: Variant
  readonly dir: string
  readonly port: number
}

/**
 * A complete nginx.conf: for each upstream a server of its name, and the host `status`, which has
 * `/NAME/FORMAT` for those that have a route.
 */
export const writeConfig = ({ variant, dir, port }: Place, config: Config): string => {
  const { upstreams, workers = 1, http = '', server = '', location = '', listen = '' } = config
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const names = Object.keys(upstreams)
  const statuses = names
    .filter((name) => upstreams[name]?.some((line) => line.startsWith('jvm_route ')))
    .flatMap((name) =>
      ['text', 'json', 'prometheus'].map(
        (format) => `location = /${name}/${format} { jvm_route_status ${name} ${format}; }`,
      ),
    )
  return [
    variant.loadModule,
    // Workers of a root master would otherwise run as nobody, which cannot enter this folder.
    process.getuid?.() === 0 ? 'user root;' : '',
    'daemon off;',
    `worker_processes ${workers};`,
    'worker_rlimit_nofile 8192;',
    `pid ${dir}/nginx.pid;`,
    'error_log stderr notice;',
    // Every debug line is written once, so that none of them can read what is not there.
    variant.isDebug ? `error_log ${dir}/debug.log debug;` : '',
    'events { worker_connections 4096; accept_mutex off; }',
    'http {',
    `log_format jvm '$status [$jvm_route] [$jvm_route_status] [$upstream_addr] $request_uri';`,
    `access_log ${dir}/access.log jvm;`,
    ...temps.map((name) => `${name}_temp_path ${dir}/temp/${name};`),
    'large_client_header_buffers 4 32k;',
    'server_names_hash_bucket_size 128;',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_set_header X-Hold $http_x_hold;',
    'add_header X-Route $jvm_route always;',
    'add_header X-Route-Status $jvm_route_status always;',
    'add_header X-Upstream $upstream_addr always;',
    'add_header X-Worker $pid always;',
    http.replaceAll('$port', String(port)),
    ...Object.entries(upstreams).map(([name, lines]) =>
      [`upstream ${name} {`, ...lines.map((line) => `    ${line}`), '}'].join('\n'),
    ),
    ...names.map((name) =>
      [
        'server {',
        `listen 127.0.0.1:${port}${listen && ` ${listen}`};`,
        `server_name ${name};`,
        server,
        `location / { proxy_pass ${config.scheme ?? 'http'}://${name}; ${location} }`,
        '}',
      ].join('\n'),
    ),
    `server { listen 127.0.0.1:${port}; server_name status; ${statuses.join('\n')} }`,
    '}',
    '',
  ].join('\n')
}
