/** A complete spec on one line, for users without a spec. */
export const smallestSpec =
  '{ version: 1, name: shop, targets: { nginx: { version: "1.30.6" } }, frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }, upstreams: { shop: { servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 } } } }'

/** A remedy for a file of another format. */
export const otherFile = (text: string): string | null => {
  if (/^\s*</.test(text))
    return 'this file looks like XML: write a spec, and set tomcat.base to a server.xml or tomcat.contextBase to a context.xml'
  if (/^\s*\w+ [^:]*[{;]/.test(text))
    return 'this file looks like an nginx configuration: write a spec in YAML instead'
  if (/^\s*(?:global|defaults|frontend|backend|listen)\s/.test(text))
    return 'this file looks like an HAProxy configuration: write a spec in YAML instead'
  return null
}
