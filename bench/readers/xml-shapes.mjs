const spec = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [8080], serverNames: [shop.example], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app:
      runtime: tomcat
      version: "9.0.100"
      sessions: { store: delta }
      tomcat: { base: server.xml, contextBase: context.xml }
`

/** @param {Partial<Record<'prolog' | 'server' | 'service' | 'engine' | 'host', string>>} parts */
const server = ({ prolog = '', server = '', service = '', engine = '', host = '' }) =>
  `<?xml version="1.0"?>\n${prolog}<Server port="8005" shutdown="SHUTDOWN">\n${server}  <Service name="Catalina">\n${service}    <Connector port="8080" protocol="HTTP/1.1"/>\n    <Engine name="Catalina" defaultHost="localhost">\n${engine}      <Host name="localhost">\n${host}      </Host>\n    </Engine>\n  </Service>\n</Server>\n`

/** @param {string} serverXml @param {string} [contextXml] */
const files = (serverXml, contextXml = '<Context>\n</Context>\n') => ({
  'sessctl.yaml': spec,
  'server.xml': serverXml,
  'context.xml': contextXml,
})

/** @param {number} count @param {(index: number) => string} line */
const lines = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('')

/** @type {Record<string, (count: number) => Record<string, string>>} Files with so many of one thing. */
export const xmlShapes = {
  hosts: (n) => files(server({ engine: lines(n, (i) => `<Host name="h${i}"/>\n`) })),
  'hosts without a name': (n) => files(server({ engine: '<Host/>'.repeat(n) })),
  'hosts with clusters': (n) =>
    files(server({ engine: lines(n, (i) => `<Host name="h${i}"><Cluster/></Host>\n`) })),
  aliases: (n) => files(server({ host: lines(n, (i) => `<Alias>a${i}</Alias>\n`) })),
  contexts: (n) => files(server({ host: lines(n, (i) => `<Context path="/c${i}"/>\n`) })),
  'contexts with cookies': (n) =>
    files(
      server({ host: lines(n, (i) => `<Context path="/c${i}" sessionCookieName="C${i}"/>\n`) }),
    ),
  connectors: (n) =>
    files(server({ service: lines(n, (i) => `<Connector port="${i % 65536}"/>\n`) })),
  'connectors on one port': (n) =>
    files(server({ service: '<Connector port="8080"/>\n'.repeat(n) })),
  services: (n) =>
    files(server({ server: '<Service name="x"><Engine name="y"/></Service>\n'.repeat(n) })),
  clusters: (n) => files(server({ engine: '<Cluster/>\n'.repeat(n) })),
  members: (n) =>
    files(
      server({
        engine: `<Cluster className="org.apache.catalina.ha.tcp.SimpleTcpCluster"><Channel className="org.apache.catalina.tribes.group.GroupChannel">${lines(n, (i) => `<Member host="10.0.0.1" port="${i}"/>\n`)}</Channel></Cluster>`,
      }),
    ),
  listeners: (n) => files(server({ server: '<Listener className="x"/>\n'.repeat(n) })),
  comments: (n) => files(server({ engine: '<!-- c -->\n'.repeat(n) })),
  'comments on one line': (n) => files(server({ engine: '<!-- c -->'.repeat(n) })),
  'comments that do not end': (n) => files(server({ engine: '<!--'.repeat(n) })),
  'comments in a DOCTYPE that do not end': (n) =>
    files(server({ prolog: `<!DOCTYPE Server [${'<!--'.repeat(n)}` })),
  'instructions in a DOCTYPE that do not end': (n) =>
    files(server({ prolog: `<!DOCTYPE Server [${'<?x '.repeat(n)}` })),
  'quotes in a DOCTYPE': (n) =>
    files(server({ prolog: `<!DOCTYPE Server [${'<!ENTITY a \'"'.repeat(n)}` })),
  'sections that do not end': (n) => files(server({ engine: '<![CDATA['.repeat(n) })),
  'entities declared': (n) =>
    files(
      server({
        prolog: `<!DOCTYPE Server [${lines(n, (i) => `<!ENTITY e${i} "x">\n`)}]>\n`,
      }),
    ),
  'entities used': (n) =>
    files(server({ prolog: '<!DOCTYPE Server [<!ENTITY e "x">]>\n', engine: '&e;\n'.repeat(n) })),
  'entities with hosts used': (n) =>
    files(
      server({
        prolog: `<!DOCTYPE Server [<!ENTITY e "<Host name='x'/>">]>\n`,
        engine: '&e;\n'.repeat(n),
      }),
    ),
  'entities that include files': (n) =>
    files(
      server({
        prolog: '<!DOCTYPE Server [<!ENTITY e SYSTEM "f.xml">]>\n',
        engine: '&e;\n'.repeat(n),
      }),
    ),
  'undeclared entities': (n) => files(server({ engine: '&e;\n'.repeat(n) })),
  'bare ampersands': (n) => files(server({ engine: '& '.repeat(n) })),
  attributes: (n) => files(server({ engine: `<Valve${lines(n, (i) => ` a${i}="1"`)}/>` })),
  'one long attribute': (n) => files(server({ engine: `<Valve a="${'x'.repeat(n)}"/>` })),
  'spaces in a tag': (n) => files(server({ engine: `<Valve${' '.repeat(n)}/>` })),
  'spaces before an attribute': (n) => files(server({ engine: `<Valve${' '.repeat(n)}a="1"/>` })),
  'blank lines': (n) => files(server({ engine: '\n'.repeat(n) })),
  'spaces on one line': (n) => files(server({ engine: ' '.repeat(n) })),
  'carriage returns': (n) => files(server({ engine: '\r'.repeat(n) })),
  'nested elements': (n) => files(server({ engine: '<a>'.repeat(n) + '</a>'.repeat(n) })),
  'tags that do not end': (n) => files(server({ engine: '<a '.repeat(n) })),
  'elements that are not closed': (n) => files(server({ engine: '<a>'.repeat(n) })),
  'elements closed twice': (n) => files(server({ engine: '</a>'.repeat(n) })),
  'quotes that do not end': (n) => files(server({ engine: '<a b="\n'.repeat(n) })),
  'bytes that are not UTF-8': (n) => files(server({ engine: '\u00e9\n'.repeat(n) })),
  managers: (n) => files(server({}), `<Context>${'<Manager/>\n'.repeat(n)}</Context>`),
  resources: (n) =>
    files(server({}), `<Context>${lines(n, (i) => `<Resource name="r${i}"/>\n`)}</Context>`),
  'comments in a context': (n) =>
    files(server({}), `<Context>\n${'  <!-- c -->\n'.repeat(n)}  <Manager/></Context>`),
}
