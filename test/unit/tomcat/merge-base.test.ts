import { describe, expect, test } from 'vitest'
import { fileOf, specOf, write } from './support.ts'

const servers = '{ tomcat01: "10.0.0.1:8080" }'
const stores = `
stores:
  redis: { kind: redis, addresses: ["10.0.0.5:6379"], password: s3cret }
  db: { kind: jdbc, url: "jdbc:postgresql://db/shop", username: shop, driver: org.postgresql.Driver }
`

const editContext = (text: string, sessions: string, version = '9.0.122') => {
  const app = `version: "${version}", tomcat: { contextBase: c.xml }, sessions: ${sessions}`
  const spec = specOf({ servers, app, affinity: '{ method: jvm_route }' }) + stores
  const written = write(spec, new Map([['c.xml', new TextEncoder().encode(text)]]))
  return { text: fileOf(written, 'tomcat01/conf/context.xml'), said: written.said }
}

const redisson = 'org.redisson.tomcat.RedissonSessionManager'
const config = 'configPath="$' + '{catalina.base}/conf/redisson.yaml"'

describe('an element of the same class keeps what the spec does not set', () => {
  test('attributes of a Manager', () => {
    const text = `<Context>\n  <!-- ours -->\n  <Manager className="${redisson}" ${config}\n    keyPrefix="shop" readMode="MEMORY" updateMode="AFTER_REQUEST" broadcastSessionEvents="true" maxActiveSessions="9"/>\n</Context>\n`
    expect(editContext(text, '{ store: redisson, use: redis }')).toEqual({ text, said: [] })
  })

  test('the attributes that the spec sets change in place', () => {
    const text = `<Context><Manager className="${redisson}" ${config} keyPrefix="a" readMode="MEMORY"/></Context>`
    const edited = editContext(
      text,
      '{ store: redisson, use: redis, readMode: REDIS, keyPrefix: b }',
    )
    expect(edited.text).toBe(text.replace('"MEMORY"/', '"REDIS"/').replace('"a"', '"b"'))
    expect(edited.said).toEqual([
      'tomcat-base-attribute: readMode="MEMORY" of this <Manager> changes to readMode="REDIS"',
      'tomcat-base-attribute: keyPrefix="a" of this <Manager> changes to keyPrefix="b"',
    ])
  })

  test('the pool of a Resource, the name of its DataSource and the table of a Store', () => {
    const text = `<Context>
  <Resource name="jdbc/shop" auth="Container" type="javax.sql.DataSource" driverClassName="org.postgresql.Driver"
    url="jdbc:postgresql://old/shop" username="shop" maxTotal="50" validationQuery="select 1"/>
  <Manager className="org.apache.catalina.session.PersistentManager" maxIdleBackup="30" saveOnRestart="false" minIdleSwap="60">
    <Store className="org.apache.catalina.session.DataSourceStore" dataSourceName="jdbc/shop" localDataSource="true"
      sessionTable="shop_sessions" sessionIdCol="sid"/>
  </Manager>
</Context>`
    const edited = editContext(text, '{ store: jdbc, use: db }', '9.0.122')
    expect(edited.text).toBe(text.replace('//old/', '//db/'))
    expect(edited.said).toEqual([
      'tomcat-base-attribute: url="jdbc:postgresql://old/shop" of this <Resource> changes to url="jdbc:postgresql://db/shop"',
    ])
  })

  test('the value of a changed secret is not shown', () => {
    const name = 'com.bluejeans.tomcat.redissessions.RedisSessionManager'
    const text = `<Context><Manager className="${name}" password="0ldOne" timeout="9"/></Context>`
    const edited = editContext(text, '{ store: tomcat-redis, use: redis }', '7.0.109')
    expect(edited.text).toContain('password="s3cret" timeout="9"')
    expect(edited.said.join()).toContain('password of this <Manager> changes')
    expect(edited.said.join()).not.toMatch(/0ldOne|s3cret/)
  })

  test('a Manager of another class is replaced, keeps common attributes, and reports the lost ones', () => {
    const text =
      '<Context><Manager pathname="" maxActiveSessions="500"><SessionIdGenerator sessionIdLength="20"/></Manager></Context>'
    const edited = editContext(text, '{ store: redisson, use: redis }')
    expect(edited.text).toContain('maxActiveSessions="500">')
    expect(edited.text).toContain('<SessionIdGenerator sessionIdLength="20"/>')
    expect(edited.said).toEqual([
      `tomcat-base-store: the Manager of this file (org.apache.catalina.session.StandardManager) is replaced with ${redisson}, without pathname=""`,
    ])
  })
})

describe('of several elements the effective one is edited', () => {
  const two = `<Context>
  <Manager className="${redisson}" ${config} keyPrefix="dead"/>
  <Manager pathname="x.ser"/>
</Context>`

  test('the last Manager, and the others are reported as without effect', () => {
    const edited = editContext(two, '{ store: redisson, use: redis }')
    expect(edited.text.match(/<Manager/g)).toHaveLength(2)
    expect(edited.text).toContain('keyPrefix="dead"/>')
    expect(edited.text.split('<Manager').at(-1)).toContain(redisson)
    expect(edited.said[0]).toBe(
      'tomcat-base-choice: this Manager has no effect: Tomcat uses the last Manager of the file',
    )
  })

  test('no Manager is left if the Cluster has one', () => {
    expect(editContext(two, '{ store: delta }').text).not.toContain('<Manager')
  })

  test('the last CookieProcessor, Store and SessionIdGenerator; the first Resource of a name', () => {
    const text = `<Context>
  <CookieProcessor sameSiteCookies="none"/><CookieProcessor sameSiteCookies="strict"/>
  <Resource name="jdbc/sessions" maxTotal="1"/><Resource name="jdbc/sessions" maxTotal="2"/>
  <Manager className="org.apache.catalina.session.PersistentManager"><Store className="org.apache.catalina.session.FileStore" directory="a"/><Store className="org.apache.catalina.session.DataSourceStore" dataSourceName="jdbc/sessions"/></Manager>
</Context>`
    const edited = editContext(text, '{ store: jdbc, use: db }').text
    expect(edited).toMatch(/<Resource name="jdbc\/sessions" maxTotal="1" auth=/)
    expect(edited).toContain('<Resource name="jdbc/sessions" maxTotal="2"/>')
    expect(edited).toContain('directory="a"/>')
    expect(edited).toContain(
      'DataSourceStore" dataSourceName="jdbc/sessions" localDataSource="true"',
    )
  })
})

describe('what belongs to the store before', () => {
  const persistent = (store: string) =>
    `<Context>
  <Resource name="jdbc/sessions" type="javax.sql.DataSource"/>
  <Valve className="org.apache.catalina.valves.PersistentValve"/>
  <Valve className="org.apache.catalina.ha.session.JvmRouteBinderValve"/>
  <Manager className="org.apache.catalina.session.PersistentManager"><Store ${store}/></Manager>
</Context>`
  const database =
    'className="org.apache.catalina.session.DataSourceStore" dataSourceName="jdbc/sessions"'

  test('is removed, if it shares sessions', () => {
    const edited = editContext(persistent(database), '{ store: redisson, use: redis }')
    expect(edited.text).not.toContain('<Valve')
    expect(edited.said.filter((line) => line.includes('this element is removed'))).toHaveLength(2)
  })

  test('is kept, if the application may use it, and reported', () => {
    const edited = editContext(persistent(database), '{ store: redisson, use: redis }')
    expect(edited.text).toContain('<Resource name="jdbc/sessions"')
    expect(edited.said).toContain(
      'tomcat-base-store: the Resource "jdbc/sessions" of the replaced Store is kept: the application may use it',
    )
    const same = editContext(persistent(database), '{ store: jdbc, use: db }')
    expect(same.said.join()).not.toContain('is kept: the application')
  })

  test('is kept with the same kind of store', () => {
    const shared = '{ store: jdbc, use: db, sharedBetweenServers: true }'
    expect(editContext(persistent(database), shared).text.match(/<Valve/g)).toHaveLength(2)
  })
})

const editServer = (engine: string, sessions = '{ store: delta }') => {
  const text = `<Server port="-1"><Service name="Catalina"><Connector port="8080"/>\n<Engine name="Catalina" defaultHost="h" jvmRoute="tomcat01">\n${engine}\n</Engine></Service></Server>`
  const app = `version: "9.0.122", tomcat: { base: s.xml }, sessions: ${sessions}`
  const inputs = new Map([['s.xml', new TextEncoder().encode(text)]])
  const spec = specOf({
    servers: '{ tomcat01: "10.0.0.1:8080", tomcat02: "10.0.0.2:8080" }',
    app,
  })
  const written = write(spec, inputs)
  return { text: fileOf(written, 'tomcat01/conf/server.xml'), said: written.said }
}

describe('an existing Cluster', () => {
  const cluster = 'className="org.apache.catalina.ha.tcp.SimpleTcpCluster"'
  const deployer =
    '<Deployer className="org.apache.catalina.ha.deploy.FarmWarDeployer" watchDir="w"/>'
  const sso = '<Valve className="org.apache.catalina.ha.authenticator.ClusterSingleSignOn"/>'

  test('keeps its attributes and elements, and gets those of the spec', () => {
    const edited = editServer(
      `<Host name="h" appBase="webapps"><Cluster ${cluster} clusterName="shop" channelSendOptions="6">
  <!-- farm -->
  <Manager className="org.apache.catalina.ha.session.DeltaManager" stateTransferTimeout="9"/>
  <Channel className="org.apache.catalina.tribes.group.GroupChannel">
    <Receiver className="org.apache.catalina.tribes.transport.nio.NioReceiver" address="10.0.0.1" port="5000" maxThreads="20"/>
  </Channel>
  ${deployer}${sso}
</Cluster></Host>`,
    )
    for (const kept of ['clusterName="shop"', '<!-- farm -->', 'stateTransferTimeout="9"'])
      expect(edited.text).toContain(kept)
    for (const kept of ['maxThreads="20"', deployer, sso]) expect(edited.text).toContain(kept)
    expect(edited.text).toContain('port="4000" maxThreads="20"')
    expect(edited.text.match(/<Cluster /g)).toHaveLength(1)
    expect(edited.said).toEqual(
      expect.arrayContaining([
        'tomcat-base-attribute: channelSendOptions="6" of this <Cluster> changes to channelSendOptions="8"',
        'tomcat-base-attribute: port="5000" of this <Receiver> changes to port="4000"',
      ]),
    )
  })

  test('the last Cluster of the Engine is kept; a removed Deployer or SingleSignOn is reported', () => {
    const edited = editServer(
      `<Cluster ${cluster} clusterName="dead">${sso}</Cluster><Cluster ${cluster} clusterName="used"/><Host name="h"><Cluster ${cluster}>${deployer}</Cluster></Host>`,
    )
    expect(edited.text).toContain('clusterName="used"')
    expect(edited.text.match(/<Cluster /g)).toHaveLength(1)
    const parts = edited.said.filter((one) => one.startsWith('tomcat-base-parts'))
    expect(parts).toEqual([
      expect.stringContaining('ClusterSingleSignOn'),
      expect.stringContaining('FarmWarDeployer'),
    ])
  })

  test('members that are not in the spec are removed and reported', () => {
    const member =
      '<Member className="org.apache.catalina.tribes.membership.StaticMember" host="10.9.9.9" port="4000"/>'
    const edited = editServer(
      `<Cluster ${cluster}><Channel className="org.apache.catalina.tribes.group.GroupChannel"><Interceptor className="org.apache.catalina.tribes.group.interceptors.StaticMembershipInterceptor">${member}</Interceptor></Channel></Cluster>`,
    )
    expect(edited.text).not.toContain('10.9.9.9')
    expect(edited.text).toContain('host="10.0.0.2"')
    expect(edited.said.join()).toContain('this element is removed')
  })

  const group = 'org.apache.catalina.tribes.group.interceptors'
  const service = 'org.apache.catalina.tribes.membership'

  test('a membership service that would have members of its own is removed, the default one is not', () => {
    const withService = (name: string, options: string) =>
      editServer(
        `<Cluster ${cluster} channelStartOptions="${options}"><Channel><Membership className="${service}.${name}"/></Channel></Cluster>`,
      )
    const edited = withService('StaticMembershipService', '15')
    expect(edited.text).not.toContain('<Membership')
    expect(edited.text).toContain('channelStartOptions="3"')
    expect(edited.said.join()).toContain(`this element is removed`)
    expect(withService('McastService', '3').text).toContain('McastService')
  })

  test('start options of another membership are removed', () => {
    const withOptions = (options: string) =>
      editServer(
        `<Cluster ${cluster} channelStartOptions="${options}"/>`,
        '{ store: delta, membership: multicast }',
      )
    const edited = withOptions('3')
    expect(edited.text).not.toContain('channelStartOptions')
    expect(edited.said).toContain(
      'tomcat-base-attribute: channelStartOptions="3" of this <Cluster> is removed, because it does not belong to the form of the spec',
    )
    expect(withOptions('15').text).toContain('channelStartOptions="15"')
  })

  test('encryption that the spec does not have is kept, and reported', () => {
    const key = '0123456789abcdef0123456789abcdef'
    const file = `<Cluster ${cluster}><Channel><Interceptor className="${group}.EncryptInterceptor" encryptionKey="${key}"/></Channel></Cluster>`
    const edited = editServer(file)
    expect(edited.text).toContain(`encryptionKey="${key}"`)
    expect(edited.said).toContain(
      'tomcat-base-cluster: this EncryptInterceptor is kept, but the spec has no "encryptionKey"',
    )
    const own = editServer(file, `{ store: delta, encryptionKey: "${key}" }`)
    expect(own.said.join()).not.toContain('this EncryptInterceptor')
  })
})

describe('members of an existing Cluster', () => {
  const clusterOf = (membership: string, addresses: readonly string[]): string => {
    const named = addresses.map((address, index) => `t${index + 1}: "${address}"`)
    const app = `version: "9.0.98", sessions: { store: delta, membership: ${membership} }`
    return specOf({ servers: `{ ${named.join(', ')} }`, app, affinity: '{ method: jvm_route }' })
  }
  const before = ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080']

  test.each([
    ['static', ['10.0.0.1:8080', '10.0.0.9:8080', '10.0.0.3:8080']],
    ['static-service', ['10.0.0.1:8080', '10.0.0.9:8080', '10.0.0.8:8080']],
    ['static-service', ['10.0.0.7:8080', '10.0.0.9:8080']],
    ['static-service', [...before, '10.0.0.4:8080', '10.0.0.5:8080']],
  ])('become those of the spec: %s', (membership, after) => {
    const text = fileOf(write(clusterOf(membership, before)), 't1/conf/server.xml')
    const spec = clusterOf(membership, after).replace(
      'version: "9.0.98"',
      'version: "9.0.98", tomcat: { base: s.xml }',
    )
    const edited = write(spec, new Map([['s.xml', new TextEncoder().encode(text)]]))
    const plain = write(clusterOf(membership, after))
    const members = (xml: string): readonly string[] => xml.match(/<(?:Local)?Member [^>]*>/g) ?? []
    const [one, other] = [edited, plain].map((each) => members(fileOf(each, 't1/conf/server.xml')))
    expect(one?.toSorted()).toEqual(other?.toSorted())
  })
})
