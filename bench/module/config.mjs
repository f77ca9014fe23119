/** @typedef {'pinned' | 'plain'} Kind of upstream: with jvm_route, or round robin alone */

/** The session of a request, on the last of the servers. @param {number} servers */
export const cookieOf = (servers) => `JSESSIONID=0123456789ABCDEF0123456789ABCDEF.node${servers}`

const manyRequests = 'keepalive_requests 1000000000;'

/** Of a pinned server; all of 127/8 is this machine. @param {number} number from 1 on */
const address = (number) => `127.1.${number >> 8}.${number & 255}`

/**
 * So many servers. Round robin comes to each of them, so they stand at one address, whose connection
 * is kept; pinned requests come to the last one only, and each has its own, as in real life.
 * @param {Kind} kind @param {number} servers @param {number} backend its port
 */
const upstream = (kind, servers, backend) => {
  const lines = Array.from({ length: servers }, (_, index) =>
    kind === 'pinned'
      ? `server ${address(index + 1)}:${backend} srun_id=node${index + 1};`
      : `server 127.0.0.1:${backend};`,
  )
  const affinity = kind === 'pinned' ? 'jvm_route $cookie_JSESSIONID|jsessionid reverse;' : ''
  return [`upstream ${kind} {`, ...lines, affinity, 'keepalive 16;', manyRequests, '}'].join('\n')
}

/** @param {string} dir @param {string} http @param {string} main */
const config = (dir, http, main) => {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    main,
    process.getuid?.() === 0 ? 'user root;' : '',
    'daemon off;',
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

/**
 * An nginx.conf with a server for each kind, on its port.
 * @param {string} dir
 * @param {{ ports: Partial<Record<Kind, number>>, servers: number, backend: number, main: string }} what
 */
export const proxyConfig = (dir, { ports, servers, backend, main }) => {
  const kinds = /** @type {[Kind, number][]} */ (Object.entries(ports))
  const http = [
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    ...kinds.map(([kind]) => upstream(kind, servers, backend)),
    ...kinds.map(
      ([kind, port]) =>
        `server { listen 127.0.0.1:${port}; location / { proxy_pass http://${kind}; } }`,
    ),
  ]
  return config(dir, http.join('\n'), main)
}

/**
 * An nginx.conf that answers everything with two bytes, for the plain servers and the last pinned one.
 * @param {string} dir @param {number} port @param {number} servers
 */
export const backendConfig = (dir, port, servers) => {
  const listen = ['127.0.0.1', address(servers)].map((each) => `listen ${each}:${port};`).join(' ')
  return config(dir, `server { ${listen} location / { return 200 "ok"; } }`, '')
}
