import type { GivenFile } from '../../../../src/core/linting/files/given-file.ts'

/** Where the finding of a planted mistake must be. */
export const mark = '⟦'

export type Texts = Readonly<Record<string, string>>
export type Kind = GivenFile['kind']

/** The file, line and column of the mark. */
export const placeIn = (texts: Texts): string => {
  const [file = '', text = ''] = Object.entries(texts).find(([, each]) => each.includes(mark)) ?? []
  const before = text.slice(0, text.indexOf(mark)).split('\n')
  return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
}

export const kindOf = (name: string): Kind =>
  name.endsWith('.cfg')
    ? 'haproxy'
    : name.startsWith('httpd')
      ? 'httpd'
      : name.endsWith('.conf')
        ? 'nginx'
        : 'tomcat'

/** A mistake in a configuration of nginx, in the main file and in one that it includes. */
export const inNginx = (
  body: string,
  others: Texts = {},
): readonly (readonly [string, Texts])[] => [
  ['nginx, the main file', { 'nginx.conf': `http {\n${body}\n}\n`, ...others }],
  [
    'nginx, an included file',
    {
      'nginx.conf': 'http {\n  include sites/*.conf;\n}\n',
      'sites/shop.conf': `${body}\n`,
      ...others,
    },
  ],
]

export const servers = 'server 10.0.0.1:8080; server 10.0.0.2:8080;'
export const routed = (method: string, second = 'srun_id=b') =>
  `upstream shop {\n  ${method}\n  server 10.0.0.1:8081 srun_id=a;\n  server 10.0.0.1:8082 ${second};\n}`
export const jvmRoute = 'jvm_route $cookie_JSESSIONID|jsessionid reverse;'
export const pass = (upstream: string, more = '') =>
  `server {\n  location / {\n    ${more}\n    proxy_pass http://${upstream};\n  }\n}`

export const serverXml = (route: string, port = 8080, host = '', engine = ''): string =>
  `<Server port="-1">\n<Service name="Catalina">\n<Connector port="${port}" keepAliveTimeout="90000"/>\n<Engine name="Catalina" defaultHost="localhost" ${route}>${engine}\n<Host name="localhost" appBase="webapps">${host}</Host>\n</Engine>\n</Service>\n</Server>\n`
export const delta = 'className="org.apache.catalina.ha.session.DeltaManager"'
export const cluster = '<Cluster className="org.apache.catalina.ha.tcp.SimpleTcpCluster"/>'
export const redisson = '<Manager className="org.redisson.tomcat.RedissonSessionManager"/>'

export const tomcats = (one: string, two: string): Texts => ({
  'one/conf/server.xml': serverXml(one, 8081),
  'two/conf/server.xml': serverXml(two, 8082),
})

/** A mistake that is planted in files of several kinds. */
export type Row = readonly [
  code: string,
  /** A part of the remedy. */
  help: string,
  files: readonly (readonly [kind: string, texts: Texts])[],
  /** Of nginx. */
  version?: string,
]
