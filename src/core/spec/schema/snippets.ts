import * as z from 'zod'
import * as p from './primitives.ts'

const snippet = z.union([
  p.snippetText,
  z.strictObject({ file: p.readPath.describe('file with the text, read by sessctl') }),
])

const levels = <const Level extends string>(descriptions: Readonly<Record<Level, string>>) => {
  const entries = Object.entries<string>(descriptions).map(([level, text]) => [
    level,
    snippet.optional().describe(text),
  ])
  return z.strictObject(Object.fromEntries(entries) as Record<Level, z.ZodOptional<typeof snippet>>)
}

const of = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .optional()
    .describe('text in the language of a proxy, for settings that have no field')

/** Snippets of the whole configuration. */
export const clusterSnippets = of({
  nginx: levels({
    main: 'directives outside of the http block; needs standalone: true',
    http: 'directives of the http block',
  })
    .optional()
    .describe('snippets for nginx'),
  haproxy: levels({
    global: 'lines of the global section',
    defaults: 'lines of the defaults section',
  })
    .optional()
    .describe('snippets for HAProxy'),
})

export const frontendSnippets = of({
  nginx: levels({ server: 'directives of the server block' })
    .optional()
    .describe('snippets for nginx'),
  haproxy: levels({ frontend: 'lines of the frontend' })
    .optional()
    .describe('snippets for HAProxy'),
  httpd: levels({ host: 'lines of the virtual host' }).optional().describe('snippets for httpd'),
})

export const locationSnippets = of({
  nginx: levels({ location: 'directives of the location block' })
    .optional()
    .describe('snippets for nginx'),
  httpd: levels({ location: 'lines of the LocationMatch section' })
    .optional()
    .describe('snippets for httpd'),
})

export const upstreamSnippets = of({
  nginx: levels({ upstream: 'directives of the upstream block' })
    .optional()
    .describe('snippets for nginx'),
  haproxy: levels({ backend: 'lines of the backend' }).optional().describe('snippets for HAProxy'),
  httpd: levels({ balancer: 'lines of the <Proxy balancer://…> section' })
    .optional()
    .describe('snippets for httpd'),
})
