import type { CodeTable } from '../../../diagnostics/diagnostic.ts'

/** The diagnostics about session stores of Tomcat. */
export const tomcatStoreCodes = {
  'tomcat-store-version': {
    severity: 'error',
    summary: 'This Tomcat release does not support the session store',
    why: 'Its classes do not exist in this release: Tomcat would not start, or would use its own Manager and lose all sessions of a server that stops.',
  },
  'tomcat-secret-source': {
    severity: 'error',
    summary: 'This Tomcat release cannot read secrets from environment variables',
    why: 'Tomcat replaces a variable in server.xml and context.xml with an environment variable only if it has EnvironmentPropertySource; otherwise the password would be the text of the placeholder.',
  },
  'tomcat-placeholder': {
    severity: 'error',
    summary: 'A value contains "${", which Tomcat replaces',
    why: 'Tomcat and Redisson replace a name in braces after "$" with a property, so the value would be changed.',
  },
  'tomcat-store-text': {
    severity: 'error',
    summary: 'A value cannot be written to an XML file',
    why: 'XML does not allow U+FFFE and U+FFFF, and the session store is configured in XML files.',
  },
  'tomcat-file-store-torn': {
    severity: 'warning',
    summary: 'Another server can read an incomplete session file',
    why: 'FileStore of older releases overwrites the session file in place. A server that reads the file during the write finds no session in it.',
  },
  'tomcat-encryption-key': {
    severity: 'error',
    summary: 'Invalid encryption key',
    why: 'EncryptInterceptor requires 16, 24 or 32 bytes in hexadecimal digits, and Tomcat does not start with another key.',
  },
  'tomcat-encryption-patch': {
    severity: 'error',
    summary: 'The patch release of encrypted servers is unknown',
    why: 'The message format of EncryptInterceptor changed in 9.0.119 and 9.0.121, 10.1.56 and 10.1.58, 11.0.23 and 11.0.25: servers with different formats reject the messages of each other.',
  },
  'tomcat-membership-environment': {
    severity: 'info',
    summary: 'The membership service is configured by environment variables',
    why: 'CloudMembershipService reads its settings from environment variables; they cannot be set in server.xml.',
  },
  'tomcat-replication-port': {
    severity: 'info',
    summary: 'sessctl chose another replication port',
    why: 'Tomcat servers on one host cannot share a port, and the static membership of the other servers contains exactly one port for each server.',
  },
  'tomcat-not-distributable': {
    severity: 'error',
    summary: 'The application is not distributable',
    why: 'For such an application Tomcat uses its local Manager without a warning: its sessions are not replicated. An application without a web.xml is not distributable either, since no annotation can set it. One web-fragment.xml without <distributable/> in a library is enough; sessctl does not check the libraries.',
  },
  'tomcat-webapp-invalid': {
    severity: 'error',
    summary: 'The web.xml of the application cannot be read',
    why: 'The session configuration of an application is in its WEB-INF/web.xml. The spec can name that file, the unpacked folder, or the .war file. Of a .war file only this entry is read; it must be intact, not encrypted, and at most 8 MiB.',
  },
  'redisson-version': {
    severity: 'error',
    summary: 'Unsupported Redisson release',
    why: 'Each Tomcat line needs a Redisson module that was added in a certain release, and some releases fail with Redis Cluster.',
  },
  'redisson-truststore': {
    severity: 'error',
    summary: 'A file with authorities that Redisson cannot read',
    why: 'Redisson loads the file as a Java keystore. With a PEM file the Manager does not start, and the Context neither.',
  },
  'tomcat-jdbc-table': {
    severity: 'info',
    summary: 'The session table must be created by hand',
    why: 'Column types differ between databases: Oracle has no bigint. sessctl writes the statements for PostgreSQL only, where they are tested.',
  },
  'memcached-node': {
    severity: 'error',
    summary: 'Invalid memcached server for memcachedNodes',
    why: 'memcached-session-manager appends "-" and the node id to the session id, and separates node id, host and port with colons: it would not start.',
  },
  'memcached-transcoder': {
    severity: 'error',
    summary: 'memcached-session-manager does not have the transcoder',
    why: 'The class does not exist, and the context does not start.',
  },
} as const satisfies CodeTable
