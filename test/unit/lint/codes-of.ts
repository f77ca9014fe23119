import { compileText } from '../../support/compile.ts'

const proxies = {
  nginx: { nginx: { version: '1.30.0' } },
  haproxy: { haproxy: { version: '3.0' } },
  httpd: { httpd: { version: '2.4' } },
} as const

export type Proxy = keyof typeof proxies

export const proxyNames = ['nginx', 'haproxy', 'httpd'] as const satisfies readonly Proxy[]

/** A spec with one upstream `shop` and one frontend `web`; parts of both can be given. */
export const specOf = (
  upstream: object,
  frontend: object = {},
  targets: object = proxies.nginx,
): Record<string, unknown> => ({
  version: 1,
  name: 'shop',
  targets,
  frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'shop' }], ...frontend } },
  upstreams: { shop: { servers: { a: '10.0.0.1:8080', b: '10.0.0.2:8080' }, ...upstream } },
})

export const targetsFor = (proxy: Proxy): object => proxies[proxy]

/** `severity code` of everything that is said of a spec. */
export const saidOf = (spec: object): readonly string[] =>
  compileText(JSON.stringify(spec)).diagnostics.map(({ severity, code }) => `${severity} ${code}`)

/** Of these, what is said with one of the codes. */
export const saidWith = (spec: object, codes: readonly string[]): readonly string[] =>
  saidOf(spec).filter((each) => codes.includes(each.split(' ')[1] ?? ''))
