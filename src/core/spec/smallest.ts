/** A whole spec on one line, for those who have none yet. */
export const smallestSpec =
  '{ version: 1, name: shop, targets: { nginx: { version: "1.30.6" } }, frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }, upstreams: { shop: { servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 } } } }'

/** What a file that is no spec looks like. */
export const otherFile = (text: string): string | null => {
  if (/^\s*</.test(text))
    return 'this looks like XML: a server.xml or context.xml is named in the spec, as tomcat.base or contextBase'
  if (/^\s*\w+ [^:]*[{;]/.test(text))
    return 'this looks like a configuration of nginx: a spec says the same in YAML'
  if (/^\s*(?:global|defaults|frontend|backend|listen)\s/.test(text))
    return 'this looks like a configuration of HAProxy: a spec says the same in YAML'
  return null
}
