import type { CodeTable } from '../../../diagnostics/diagnostic.ts'

/** What can be wrong or noteworthy where a Tomcat gets its session store. */
export const tomcatStoreCodes = {
  'tomcat-store-version': {
    severity: 'error',
    summary: 'This Tomcat cannot have this session store',
    why: 'Its classes are not there: Tomcat would not start, or start with its own manager and lose every session with the server.',
  },
  'tomcat-secret-source': {
    severity: 'error',
    summary: 'This Tomcat reads no secrets from its environment',
    why: 'A variable in server.xml and context.xml is looked up in the environment only where Tomcat has EnvironmentPropertySource; otherwise the password would be the placeholder itself.',
  },
  'tomcat-placeholder': {
    severity: 'error',
    summary: 'A text that Tomcat would take for a placeholder',
    why: 'Tomcat and Redisson replace a name in braces behind a dollar wherever they read it, so that the text would not arrive as it is written.',
  },
  'tomcat-store-text': {
    severity: 'error',
    summary: 'A text that no XML file can hold',
    why: 'XML has no way to write U+FFFE and U+FFFF, and what Tomcat knows of its session stores stands in XML files.',
  },
  'tomcat-file-store-torn': {
    severity: 'warning',
    summary: 'Sessions in files that another server may read half-written',
    why: 'FileStore of older releases writes a session into its file as it stands there. A server that reads it in that moment finds no session in it.',
  },
  'tomcat-encryption-key': {
    severity: 'error',
    summary: 'An encryption key that AES cannot use',
    why: 'EncryptInterceptor takes 16, 24 or 32 bytes in hex digits, and does not start with anything else.',
  },
  'tomcat-encryption-patch': {
    severity: 'error',
    summary: 'Encryption between patch releases that may not understand each other',
    why: 'What EncryptInterceptor sends changed in 9.0.119 and 9.0.121, 10.1.56 and 10.1.58, 11.0.23 and 11.0.25: servers on two sides of such a release reject each other.',
  },
  'tomcat-membership-environment': {
    severity: 'info',
    summary: 'The servers find each other by their environment',
    why: 'CloudMembershipService reads where it is from environment variables, which a server.xml cannot hold.',
  },
  'tomcat-replication-port': {
    severity: 'info',
    summary: 'Another port was chosen for replication',
    why: 'Tomcats of one host cannot share a port, and static members are looked for at exactly one.',
  },
  'tomcat-not-distributable': {
    severity: 'error',
    summary: 'An application that is not distributable',
    why: 'Tomcat gives the sessions of such an application to its own manager, without a word: nothing is copied. An application without a web.xml is not distributable either, as no annotation says it. One web-fragment.xml without <distributable/> in a library is enough for that, and is not looked for here.',
  },
  'tomcat-webapp-invalid': {
    severity: 'error',
    summary: 'An application whose web.xml cannot be read',
    why: 'What an application says of its sessions stands in its WEB-INF/web.xml. The spec names that file, the unpacked folder, or the .war; of a .war nothing else is unpacked, and only what is sound, plain and at most 8 MiB.',
  },
  'redisson-version': {
    severity: 'error',
    summary: 'A release of Redisson that does not work here',
    why: 'Each line of Tomcat needs a module that came with a certain release, and some releases fail on Redis Cluster.',
  },
  'tomcat-jdbc-table': {
    severity: 'info',
    summary: 'A table that has to be created by hand',
    why: 'Types differ from database to database: Oracle has no bigint. sessctl writes statements only for PostgreSQL, on which they are tested.',
  },
  'memcached-node': {
    severity: 'error',
    summary: 'A memcached that cannot be named in memcachedNodes',
    why: 'memcached-session-manager writes the id behind a "-" into the session id, and separates id, host and port by colons: it would not start.',
  },
  'memcached-transcoder': {
    severity: 'error',
    summary: 'A transcoder that memcached-session-manager no longer has',
    why: 'The class is not found, and the context does not start.',
  },
} as const satisfies CodeTable
