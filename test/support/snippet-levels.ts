import type { Snippet } from '../../src/core/model/snippet.ts'

/** A level at which a spec can have a snippet, with the spec that has it there. */
export interface SnippetPlace {
  readonly name: string
  readonly dialect: Snippet['dialect']
  readonly spec: (snippet: string | null) => object
}

const targets = {
  nginx: { nginx: { version: '1.30.6', standalone: true } },
  haproxy: { haproxy: { version: '3.0' } },
  httpd: { httpd: { version: '2.4.62' } },
} as const

type Part = 'cluster' | 'frontend' | 'location' | 'upstream'

const place = (dialect: Snippet['dialect'], level: string, part: Part): SnippetPlace => ({
  name: `${dialect} ${level}`,
  dialect,
  spec: (snippet) => {
    const at = (each: Part) =>
      each === part && snippet !== null ? { snippets: { [dialect]: { [level]: snippet } } } : {}
    // In httpd a location has a section of its own only if something is set in it.
    const location = dialect === 'httpd' ? { allow: ['10.0.0.0/8'] } : {}
    return {
      version: 1,
      name: 'shop',
      targets: targets[dialect],
      frontends: {
        web: {
          listen: [8080],
          serverNames: ['localhost'],
          locations: [
            { match: '/', upstream: 'app' },
            { match: '/shop/', upstream: 'app', ...location, ...at('location') },
          ],
          ...at('frontend'),
        },
      },
      upstreams: {
        app: {
          affinity: { method: 'sticky', by: 'cookie' },
          servers: { a: '127.0.0.1:8081', b: '127.0.0.1:8082' },
          ...at('upstream'),
        },
      },
      ...at('cluster'),
    }
  },
})

/** Every level of every proxy. */
export const snippetPlaces: readonly SnippetPlace[] = [
  place('nginx', 'main', 'cluster'),
  place('nginx', 'http', 'cluster'),
  place('nginx', 'server', 'frontend'),
  place('nginx', 'location', 'location'),
  place('nginx', 'upstream', 'upstream'),
  place('haproxy', 'global', 'cluster'),
  place('haproxy', 'defaults', 'cluster'),
  place('haproxy', 'frontend', 'frontend'),
  place('haproxy', 'backend', 'upstream'),
  place('httpd', 'host', 'frontend'),
  place('httpd', 'location', 'location'),
  place('httpd', 'balancer', 'upstream'),
]
