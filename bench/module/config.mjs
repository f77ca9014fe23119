import { upstreamOf } from './methods.mjs'

const manyRequests = 'keepalive_requests 1000000000;'

/** @param {string} dir @param {string} http @param {string} main */
const config = (dir, http, main) => {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    main,
    process.getuid?.() === 0 ? 'user root;' : '',
    'daemon off;',
    'master_process off;',
    `pid ${dir}/nginx.pid;`,
    'error_log stderr warn;',
    'events { worker_connections 1024; }',
    'http {',
    'access_log off;',
    ...temps.map((name) => `${name}_temp_path ${dir}/${name};`),
    manyRequests,
    'keepalive_timeout 1h;',
    http,
    '}',
    '',
  ].join('\n')
}

const passing = (/** @type {number} */ port) =>
  `server { listen 127.0.0.1:${port}; location / { proxy_pass http://app; } }`

const spoken = ['proxy_http_version 1.1;', 'proxy_set_header Connection "";']

/**
 * An nginx.conf that passes everything on to the upstream `app`.
 * @param {string} dir
 * @param {{ port: number, upstream: string, main: string }} what
 */
export const passingConfig = (dir, { port, upstream, main }) =>
  config(dir, [...spoken, upstream, passing(port)].join('\n'), main)

/**
 * The same with an upstream for each port: plain round robin, or with jvm_route.
 * @param {string} dir
 * @param {{ ports: { pinned: number, plain: number }, servers: number, backend: number }} what
 */
export const pairedConfig = (dir, { ports, servers, backend }) => {
  const block = (/** @type {'plain' | 'pinned'} */ name) => {
    const affinity = name === 'plain' ? 'plain' : 'jvm_route'
    const text = upstreamOf({ method: 'round robin', affinity, servers, backend })
    return [text.replace('upstream app', `upstream ${name}`), passing(ports[name])]
      .join('\n')
      .replace('http://app', `http://${name}`)
  }
  return config(dir, [...spoken, block('plain'), block('pinned')].join('\n'), '')
}

/** An nginx.conf that answers everything with two bytes. @param {string} dir @param {number} port */
export const answeringConfig = (dir, port) =>
  config(dir, `server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } }`, '')
