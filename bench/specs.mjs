/** What each target is asked for; the affinity is the one that people use there. */
const targets = {
  nginx: {
    target: 'nginx: { version: "1.26.3", modules: [jvm_route] }',
    affinity: '{ method: jvm_route, cookie: JSESSIONID, reverse: true }',
  },
  haproxy: {
    target: 'haproxy: { version: "2.6" }',
    affinity: '{ method: sticky, by: cookie, cookie: SERVERID, indirect: true, nocache: true }',
  },
}

/** @typedef {keyof typeof targets} Target */

/** Half of them in the short form, the others with their own settings. @param {number} index */
const server = (index) => {
  const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:8080`
  const name = `s${String(index).padStart(5, '0')}`
  return index % 2 === 0
    ? `      ${name}: ${address}\n`
    : `      ${name}: { address: "${address}", weight: 2, maxFails: 3, failTimeout: 10s }\n`
}

/**
 * A spec with one upstream of so many servers; the same text for the same arguments.
 * @param {Target} target @param {number} servers
 */
export const spec = (target, servers) => `version: 1
name: scale
targets: { ${targets[target].target} }
frontends:
  web: { listen: [8080], locations: [{ match: /, upstream: app }] }
upstreams:
  app:
    affinity: ${targets[target].affinity}
    servers:
${Array.from({ length: servers }, (_, index) => server(index)).join('')}`
