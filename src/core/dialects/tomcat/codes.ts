import type { CodeTable } from '../../diagnostics/diagnostic.ts'
import { reportFor } from '../../diagnostics/findings.ts'
import { tomcatStoreCodes } from './stores/codes.ts'

export const tomcatCodes = {
  'tomcat-version': {
    severity: 'error',
    summary: 'Unsupported Tomcat release line',
    why: 'Tomcat only logs a warning for an unknown element or attribute and ignores it. sessctl therefore writes nothing for release lines whose configuration it does not know.',
  },
  'tomcat-unix-address': {
    severity: 'error',
    summary: 'A Tomcat server has a UNIX socket as address',
    why: 'The HTTP Connector that sessctl configures listens on a TCP port.',
  },
  'tomcat-name-clash': {
    severity: 'error',
    summary: 'Two different Tomcat servers have the same name',
    why: 'The name of a server is the name of its output folder: the second server would overwrite the first.',
  },
  'tomcat-port-clash': {
    severity: 'error',
    summary: 'Two Tomcat servers on one host use the same port',
    why: 'Tomcat cannot bind a port that is in use: the Connector does not work, and without its shutdown port Tomcat exits immediately.',
  },
  'tomcat-port-differs': {
    severity: 'warning',
    summary: 'Tomcat listens on another port than the balancer connects to',
    why: 'This works only if something between them, such as a container runtime, maps one port to the other.',
  },
  'tomcat-shutdown-port': {
    severity: 'info',
    summary: 'sessctl chose a shutdown port',
    why: 'Several Tomcat servers on one host cannot share port 8005. Servers without `shutdownPort` get the next free port.',
  },
  'tomcat-ajp-unused': {
    severity: 'info',
    summary: 'The AJP Connector is written as a comment',
    why: 'nginx and HAProxy connect to Tomcat by HTTP, and an AJP Connector without a secret can be used by any client that reaches its port.',
  },
  'tomcat-ajp-secret': {
    severity: 'error',
    summary: 'An AJP Connector without a secret',
    why: 'AJP carries the address and the user of the client, which Tomcat believes: any client that reaches the port could set them. Since 7.0.100, 8.5.51 and 9.0.31, Tomcat does not start an AJP Connector without a secret.',
  },
  'tomcat-idle-connections': {
    severity: 'warning',
    summary: 'Tomcat closes idle connections before the balancer does',
    why: 'A balancer can send a request on a connection that Tomcat is closing. The request fails, the balancer marks the server as failed and retries on another server, which does not know the session. The side that sends the requests must close idle connections first.',
  },
  'tomcat-restart-sessions': {
    severity: 'info',
    summary: 'Sessions are kept over a clean restart',
    why: 'Since Tomcat 10 the StandardManager does not save sessions at shutdown unless `pathname` is set: every deployment would log out all users.',
  },
  'tomcat-same-site': {
    severity: 'error',
    summary: 'This Tomcat release cannot set SameSite',
    why: 'Tomcat logs a warning for the unknown attribute and sends the cookie without SameSite. Some releases know the attribute and send nothing for "none".',
  },
  'tomcat-same-site-insecure': {
    severity: 'warning',
    summary: 'SameSite=None without TLS',
    why: 'Browsers reject a cookie with SameSite=None that is not Secure, and Tomcat sets Secure only for requests over TLS: every request would start a new session.',
  },
  'tomcat-cookie-domain': {
    severity: 'error',
    summary: 'Tomcat rejects the cookie domain',
    why: 'Tomcat accepts the value at startup, and then answers 500 to each request that creates a session.',
  },
  'tomcat-cookie-dot': {
    severity: 'info',
    summary: 'The leading dot of the cookie domain is removed',
    why: 'A leading dot has no meaning since RFC 6265, and Tomcat answers 500 to each request that creates a session if the domain has one.',
  },
  'tomcat-cookie-path': {
    severity: 'error',
    summary: 'Tomcat rejects the cookie path',
    why: 'A cookie path may contain printable ASCII characters only; with others Tomcat answers 500 to each request that creates a session. Tomcat replaces a name in braces after "$" with a system property.',
  },
  'tomcat-context-path': {
    severity: 'error',
    summary: 'Invalid context path',
    why: 'Tomcat derives the context path from the name of the context file.',
  },
  'tomcat-proxy-trusted': {
    severity: 'info',
    summary: 'The address of the balancer is added to internalProxies',
    why: 'RemoteIpValve reads X-Forwarded-Proto and X-Forwarded-For of trusted proxies only. Without them session cookies are not Secure, and every client has the address of the balancer.',
  },
  'tomcat-proxy-untrusted': {
    severity: 'warning',
    summary: 'Tomcat does not trust the balancer',
    why: 'RemoteIpValve trusts private networks only, and the address of the balancer is unknown. Behind TLS session cookies are not Secure, and every client has the address of the balancer.',
  },
  'tomcat-base-invalid': {
    severity: 'error',
    summary: 'An existing file cannot be edited',
    why: 'sessctl edits a file only if it can parse all of it. Tomcat could not read the file either.',
  },
  'tomcat-base-choice': {
    severity: 'info',
    summary: 'One of several elements of an existing file was selected',
    why: 'sessctl edits the Engine of the Service with a Connector on the port that the balancer connects to; else the Engine with a Host or Alias in the `serverNames` of a frontend; else the Engine named Catalina; else the first. Of its plain HTTP Connectors it edits the one on that port, else the first. A context file belongs to the Host that a frontend serves, else to the default Host.',
  },
  'tomcat-base-route': {
    severity: 'info',
    summary: 'The jvmRoute of an existing file is replaced',
    why: 'Once the balancer uses the new route, requests with a session id of the old route are balanced to any server.',
  },
  'tomcat-base-port': {
    severity: 'info',
    summary: 'A port of an existing file changes',
    why: 'The spec sets the port that the balancer connects to, and may set the others. Health checks, firewalls and other clients of the old port must be changed too.',
  },
  'tomcat-base-address': {
    severity: 'warning',
    summary: 'The Connector of an existing file does not listen on the address of the server',
    why: 'A Connector with `address` accepts connections on that address only.',
  },
  'tomcat-base-doctype': {
    severity: 'warning',
    summary: 'The DOCTYPE of an existing file declares entities or names another file',
    why: "The DOCTYPE is copied to the generated file. Tomcat's parser resolves it at startup: it reads the files and URLs in it with the permissions of the Tomcat user.",
  },
  'tomcat-base-entity': {
    severity: 'warning',
    summary: 'An existing file uses entities',
    why: 'An entity can contain Connectors, Hosts and Contexts. sessctl does not edit them, and does not read the files of external entities: a port in such a file may be used twice.',
  },
  'tomcat-base-manager': {
    severity: 'warning',
    summary: 'The Manager of an existing file differs from the spec',
    why: 'The file is edited, not replaced: its Manager determines where sessions are stored.',
  },
  'tomcat-base-attribute': {
    severity: 'info',
    summary: 'An attribute of an existing file changes',
    why: 'The spec sets this attribute. Attributes that the spec does not set are unchanged.',
  },
  'tomcat-base-parts': {
    severity: 'warning',
    summary: 'A Deployer or SingleSignOn of an existing Cluster is removed',
    why: 'The Cluster is replaced with the Cluster of the spec, and its elements that do not belong to replication are removed with it.',
  },
  'tomcat-base-store': {
    severity: 'info',
    summary: 'The session configuration of an existing file is replaced',
    why: 'The spec names the session store. Sessions in the previous store are not migrated: their users get new sessions.',
  },
  'tomcat-base-cluster': {
    severity: 'warning',
    summary: 'The Cluster of an existing file, or its encryption, is not in the spec',
    why: 'A Tomcat that encrypts and one that does not cannot exchange sessions. A Cluster opens its port and sends multicast packets even if the Manager of the Context stores sessions elsewhere. For a Context without a Manager, the Cluster determines where sessions are stored.',
  },
  'tomcat-context-manager': {
    severity: 'error',
    summary: 'A Context stores its sessions elsewhere than the spec says',
    why: 'Tomcat reads a Context in server.xml, conf/context.xml, context.xml.default and the context file (below conf, else META-INF/context.xml) in this order, and uses the last Manager. With override="true" the defaults are not read, and for a Context in server.xml no context file is read.',
  },
  'tomcat-context-local': {
    severity: 'warning',
    summary: 'The Manager of a Context differs from the spec',
    why: 'Tomcat uses the last Manager that it reads for a Context. This Manager is in a file that sessctl does not write.',
  },
  'tomcat-context-cookie': {
    severity: 'warning',
    summary: 'The session cookie of a Context differs from the spec',
    why: 'Tomcat uses the cookie name of the last Context element that sets one, else of web.xml. A balancer that reads another cookie provides no session affinity.',
  },
  'tomcat-base-proxies': {
    severity: 'error',
    summary: 'CIDR networks where Tomcat reads a regular expression',
    why: 'As a regular expression, a network in CIDR notation matches no address: no proxy is trusted.',
  },
  'tomcat-base-listener': {
    severity: 'error',
    summary: 'This Tomcat release does not have the class of a Listener',
    why: 'Tomcat stops reading server.xml there, and does not start.',
  },
  ...tomcatStoreCodes,
} as const satisfies CodeTable

export const report = reportFor(tomcatCodes)
