import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'
import { tomcatStoreCodes } from './stores/codes.ts'

/** What can be wrong or noteworthy where a Tomcat is configured. */
export const tomcatCodes = {
  'tomcat-version': {
    severity: 'error',
    summary: 'A Tomcat line that sessctl does not write',
    why: 'Tomcat warns of what it does not know and goes on without it, so nothing is written for a release whose rules are unknown here.',
  },
  'tomcat-unix-address': {
    severity: 'error',
    summary: 'A Tomcat behind a UNIX socket',
    why: 'The HTTP connector that is written listens on a port.',
  },
  'tomcat-name-clash': {
    severity: 'error',
    summary: 'Two different Tomcats have one name',
    why: 'The name of a server is the name of its folder; the second would overwrite the first.',
  },
  'tomcat-port-clash': {
    severity: 'error',
    summary: 'Two Tomcats of one host want the same port',
    why: 'The second one to start does not get it; without its shutdown port Tomcat ends at once.',
  },
  'tomcat-port-differs': {
    severity: 'warning',
    summary: 'Tomcat listens on another port than the balancer connects to',
    why: 'That is right only where something in between, such as a container, maps one port to the other.',
  },
  'tomcat-shutdown-port': {
    severity: 'info',
    summary: 'A shutdown port was chosen',
    why: 'Several Tomcats on one host cannot share port 8005, so those that name none get the next free one.',
  },
  'tomcat-ajp-unused': {
    severity: 'info',
    summary: 'The AJP connector is written as a comment',
    why: 'nginx and HAProxy speak HTTP to Tomcat, and an AJP connector that needs no secret is an open door.',
  },
  'tomcat-idle-connections': {
    severity: 'warning',
    summary: 'Tomcat closes idle connections before the balancer does',
    why: 'The balancer sends a request on a connection that Tomcat closes in the same moment. It then asks another server, which does not know the session, and takes this one for failed. The side that sends requests has to close first.',
  },
  'tomcat-restart-sessions': {
    severity: 'info',
    summary: 'Sessions are kept over a clean restart',
    why: 'Since Tomcat 10 the standard manager forgets all sessions at a restart unless it is given a file, so that a deployment would log everybody out.',
  },
  'tomcat-same-site': {
    severity: 'error',
    summary: 'This Tomcat cannot set SameSite',
    why: 'It warns of the unknown attribute and sends the cookie without it; some releases send nothing for "none".',
  },
  'tomcat-same-site-insecure': {
    severity: 'warning',
    summary: 'SameSite=None without TLS',
    why: 'Browsers drop a cookie with SameSite=None that is not Secure, and Tomcat marks it Secure only when the request came over TLS: every request would be a new session.',
  },
  'tomcat-cookie-domain': {
    severity: 'error',
    summary: 'A cookie domain that Tomcat refuses',
    why: 'Tomcat accepts it in the configuration, and then answers 500 whenever a session begins.',
  },
  'tomcat-cookie-dot': {
    severity: 'info',
    summary: 'The leading dot of the cookie domain is left out',
    why: 'Since RFC 6265 the dot means nothing, and Tomcat answers 500 to every new session that would carry it.',
  },
  'tomcat-cookie-path': {
    severity: 'error',
    summary: 'A cookie path that Tomcat refuses',
    why: 'Only printable ASCII may stand in a cookie path; Tomcat answers 500 whenever a session begins. A dollar with a brace would be replaced by a system property.',
  },
  'tomcat-context-path': {
    severity: 'error',
    summary: 'A context path that no context can have',
    why: 'Tomcat derives the path from the name of the context file.',
  },
  'tomcat-proxy-trusted': {
    severity: 'info',
    summary: 'The balancer is added to the proxies that Tomcat trusts',
    why: 'RemoteIpValve believes X-Forwarded-Proto and X-Forwarded-For only from trusted addresses; otherwise cookies lack Secure and every client has the address of the balancer.',
  },
  'tomcat-proxy-untrusted': {
    severity: 'warning',
    summary: 'Tomcat will not trust the balancer',
    why: 'RemoteIpValve trusts private networks only, and the address of the balancer is not known: cookies lack Secure behind TLS, and every client has the address of the balancer.',
  },
  'tomcat-base-invalid': {
    severity: 'error',
    summary: 'An existing file that cannot be edited',
    why: 'A file is edited only when it is understood to the last byte; Tomcat would not read it either.',
  },
  'tomcat-base-choice': {
    severity: 'info',
    summary: 'One of several elements of an existing file was chosen',
    why: 'It is the Engine of the Service with a connector on the port that the balancer connects to, else the one with a Host or Alias that a frontend serves (serverNames), else the one named Catalina, else the first; of its plain HTTP connectors the one on the right port, else the first. A context file goes to the Host that a frontend serves, else to the default one.',
  },
  'tomcat-base-route': {
    severity: 'info',
    summary: 'The jvmRoute of an existing file is replaced',
    why: 'Once the balancer uses the new route, sessions with the old route are balanced again.',
  },
  'tomcat-base-port': {
    severity: 'info',
    summary: 'A port of an existing file changes',
    why: 'The spec names the port that the balancer connects to, and may name the others. Whoever else uses the old port, such as a health check or a firewall, has to follow.',
  },
  'tomcat-base-address': {
    severity: 'warning',
    summary:
      'A connector of an existing file listens on an address that the balancer does not connect to',
    why: 'A connector with an address takes connections on that address only.',
  },
  'tomcat-base-doctype': {
    severity: 'warning',
    summary: 'A DOCTYPE of an existing file declares entities or names another file',
    why: "The DOCTYPE is copied into the artifact. Tomcat's parser follows it when it starts: it reads the files and the http addresses that are named there, as the user that runs Tomcat.",
  },
  'tomcat-base-entity': {
    severity: 'warning',
    summary: 'An entity brings something into an existing file',
    why: 'An entity may hold connectors, hosts and contexts. sessctl edits none of them, and does not read the files that entities include: a port in them may be in use twice.',
  },
  'tomcat-base-manager': {
    severity: 'warning',
    summary: 'The Manager of an existing file is not what the spec says',
    why: 'The file is edited, not replaced: the Manager in it decides where sessions live.',
  },
  'tomcat-base-attribute': {
    severity: 'info',
    summary: 'An attribute of an existing file changes',
    why: 'The spec speaks of it. Attributes that the spec does not speak of stay as they are in the file.',
  },
  'tomcat-base-parts': {
    severity: 'warning',
    summary: 'A Deployer or SingleSignOn of an existing Cluster is left out',
    why: 'The Cluster is replaced by the one of the spec, and what it holds beside replication goes with it.',
  },
  'tomcat-base-store': {
    severity: 'info',
    summary: 'What an existing file says of sessions is replaced',
    why: 'The spec names the session store. Sessions in the previous store are not moved: their users get new sessions.',
  },
  'tomcat-base-cluster': {
    severity: 'warning',
    summary: 'An existing file has a Cluster that no session uses',
    why: 'A Cluster opens its port and sends multicast although the Manager of the context keeps the sessions elsewhere; without a Manager there it, and not the spec, decides where sessions live.',
  },
  'tomcat-context-manager': {
    severity: 'error',
    summary: 'A context keeps its sessions elsewhere than the spec says',
    why: 'Tomcat reads a Context in server.xml, conf/context.xml, context.xml.default and the file of the context (below conf, else META-INF/context.xml) in this order, and the last Manager is used; override="true" leaves out the defaults, and a Context in server.xml leaves no room for a file.',
  },
  'tomcat-context-local': {
    severity: 'warning',
    summary: 'A context has a Manager that is not what the spec says',
    why: 'The last Manager that Tomcat reads for a context is used, and this one is not in a file that sessctl writes.',
  },
  'tomcat-context-cookie': {
    severity: 'warning',
    summary: 'A context sends another session cookie than the spec says',
    why: 'The last file that names the cookie decides, a web.xml where no Context does. A balancer that reads another cookie pins nothing.',
  },
  'tomcat-base-proxies': {
    severity: 'error',
    summary: 'CIDR networks where Tomcat reads a regular expression',
    why: 'As an expression a network matches nothing, so that no proxy is trusted.',
  },
  'tomcat-base-listener': {
    severity: 'error',
    summary: 'A listener whose class this Tomcat does not have',
    why: 'Tomcat stops reading server.xml at it, and does not start.',
  },
  ...tomcatStoreCodes,
} as const satisfies CodeTable

export const report = reporterFor(tomcatCodes)
