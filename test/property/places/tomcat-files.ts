import type { Input } from '../../../src/core/dialects/dialect.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { inputFiles } from '../../../src/core/pipeline.ts'

/** Stays in what is started: it shows that the file is the edited one. */
export const signOfEdited = 'crawlerUserAgents="kept"'

const context = (attributes: string): string => `<Context ${attributes} workDir="/marked/c1">
  <!-- /marked/comment -->
  <WatchedResource>/marked/c2</WatchedResource>
  <Manager className="org.apache.catalina.session.PersistentManager" pathname="/marked/c3">
    <Store className="org.apache.catalina.session.FileStore" directory="/marked/c4"/>
  </Manager>
  <Manager pathname="/marked/c5"/>
  <Valve className="org.apache.catalina.valves.CrawlerSessionManagerValve" ${signOfEdited}/>
  <Valve className="org.apache.catalina.valves.RemoteAddrValve" allow="192.0.2.9"/>
  <Valve className="org.apache.catalina.valves.AccessLogValve" directory="/marked/c6" pattern="%h"/>
  <Valve className="org.apache.catalina.valves.ErrorReportValve" errorCode.404="/marked/c7"/>
  <Realm className="org.apache.catalina.realm.MemoryRealm" pathname="/marked/c8"/>
  <Resource name="jdbc/x" type="javax.sql.DataSource" url="jdbc:postgresql://192.0.2.1:5432/x"/>
  <Environment name="x" type="java.lang.String" value="/marked/c9"/>
  <Parameter name="x" value="http://192.0.2.2:80/"/>
  <Resources><PreResources base="/marked/c10" className="org.apache.catalina.webresources.DirResourceSet"/></Resources>
  <Loader virtualClasspath="/marked/c11"/>
</Context>`

const server = (): string => `<!DOCTYPE Server SYSTEM "/marked/dtd" [
  <!ENTITY file SYSTEM "/marked/e1">
  <!ENTITY folder "/marked/e2">
  <!ENTITY inner "<Valve className='org.apache.catalina.valves.AccessLogValve' directory='/marked/e3'/>">
  <!ENTITY connectors '<Connector port="9999" keystoreFile="/marked/e4"/>'>
]>
<Server port="8005" address="192.0.2.3">
  <Listener className="org.apache.catalina.mbeans.JmxRemoteLifecycleListener" rmiRegistryPortPlatform="1"/>
  <Listener className="org.apache.catalina.security.PropertiesRoleMappingListener" roleMappingFile="file:/marked/s1"/>
  <GlobalNamingResources>
    <Resource name="UserDatabase" type="org.apache.catalina.UserDatabase" pathname="/marked/s2"/>
  </GlobalNamingResources>
  <Service name="One">&file;&connectors;
    <Connector port="8080" keystoreFile="/marked/s3" unixDomainSocketPath="/marked/s4" address="192.0.2.4">
      <SSLHostConfig certificateFile="/marked/s5"/>
      <UpgradeProtocol className="org.apache.coyote.http2.Http2Protocol"/>
    </Connector>
    <Connector port="8009" protocol="AJP/1.3" address="192.0.2.5"/>
    <Engine name="One" defaultHost="h">&inner;
      <Cluster className="org.apache.catalina.ha.tcp.SimpleTcpCluster">
        <Channel><Membership address="192.0.2.6"/></Channel>
      </Cluster>
      <Realm className="org.apache.catalina.realm.JNDIRealm" connectionURL="ldap://192.0.2.7:389"/>
      <Realm className="org.apache.catalina.realm.CombinedRealm">
        <Realm className="org.apache.catalina.realm.MemoryRealm" pathname="&folder;"/>
      </Realm>
      <Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies="192\\.0\\.2\\.8|192.0.2.8"/>
      <Host name="h" appBase="/marked/s6" workDir="/marked/s7" xmlBase="/marked/s8">
        ${context('path="" docBase="/marked/s9"')}
      </Host>
      <Host name="other" appBase="/marked/s10"/>
    </Engine>
  </Service>
</Server>`

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** For every existing file of Tomcat that a cluster names, one that is full of places. */
export const markedTomcatFiles = (cluster: Cluster): ReadonlyMap<string, Input> =>
  new Map(
    inputFiles(cluster, null).flatMap(({ kind, path, at }) => {
      if (kind !== 'file' || at.kind !== 'spec') return []
      const text = at.path.at(-1) === 'base' ? server() : context('docBase="/marked/d1" path="/x"')
      return [[path, bytes(text)] as const]
    }),
  )
