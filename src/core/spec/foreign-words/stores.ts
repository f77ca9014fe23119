import type { Advice } from '../foreign-words.ts'

const called = (what: string, store: string): Advice => ({
  message: `{word} is another product's name for ${what}`,
  help: `write store: ${store}`,
})

const notWritten = (product: string): Advice => ({
  message: `sessctl does not configure ${product}`,
  help: 'write store: delta, or store: redisson with use: NAME of a Redis in `stores`',
})

const tomcat: Readonly<Record<string, Advice>> = {
  'terracotta terracotta-web-sessions TerracottaTomcat70xSessionValve': {
    message: 'Terracotta Web Sessions is discontinued: its last release supports Tomcat 7',
    help: 'write store: delta, or store: redisson with use: NAME of a Redis in `stores`',
  },
  'hazelcast hazelcast-tomcat': notWritten('Hazelcast'),
  'infinispan jboss-cache datagrid': notWritten('Infinispan'),
  'ignite gridgain': notWritten('Ignite'),
  'coherence coherence-web': notWritten('Coherence'),
  'couchbase mongo mongodb mongo-tomcat-sessions dynamodb cassandra': notWritten('this store'),
  'memcached-session-manager msm de.javakaffee.web.msm memcache MemcachedBackupSessionManager':
    called('memcached-session-manager', 'memcached'),
  'redis redisson-tomcat redis-session-manager valkey RedissonSessionManager tomcat-cluster-redis-session-manager':
    {
      message: 'two session managers of Tomcat store sessions in Redis',
      help: 'write store: redisson, or store: tomcat-redis for Tomcat 7',
    },
  'tomcat-redis-session-manager RedisSessionManager': called(
    'tomcat-redis-session-manager',
    'tomcat-redis',
  ),
  'DeltaManager replicated replication cluster SimpleTcpCluster': called('replication', 'delta'),
  BackupManager: called('replication to one other server', 'backup'),
  'PersistentManager FileStore files filesystem disk': called('a store of files', 'file'),
  'JDBCStore DataSourceStore database db postgresql postgres mysql mariadb oracle sql': called(
    'a store in a database',
    'jdbc',
  ),
  'memory StandardManager in-memory ram heap': called('the memory of each server', 'local'),
}

const spring: Readonly<Record<string, Advice>> = {
  'redis jdbc spring-session-data-redis spring-session-jdbc database db valkey springsession': {
    message: 'Spring Boot shares sessions through Spring Session',
    help: 'write store: spring-session, with use: NAME of a Redis or a database in `stores`',
  },
  'local memory file files': {
    message: 'sessctl does not configure sessions in the memory of Spring Boot',
    help: 'write app: { runtime: none }, or store: spring-session',
  },
  'hazelcast mongodb mongo infinispan': {
    message: 'sessctl configures Spring Session for Redis and databases only',
    help: 'write store: spring-session, with use: NAME of a Redis or a database in `stores`',
  },
}

const php: Readonly<Record<string, Advice>> = {
  'file local disk filesystem': called('the files handler', 'files'),
  'redis_cluster redis-cluster cluster valkey-cluster': called('Redis Cluster', 'rediscluster'),
  'valkey phpredis predis': called('the redis extension', 'redis'),
  'memcached-sasl libmemcached': called('the memcached extension', 'memcached'),
  'jdbc db database mysql pdo user sqlite mm': {
    message: 'PHP has no built-in session handler for databases',
    help: 'write store: redis, or store: memcached',
  },
}

const django: Readonly<Record<string, Advice>> = {
  'redis memcached memcache valkey django.contrib.sessions.backends.cache django-redis': called(
    'a cache',
    'cache',
  ),
  'database sql postgresql mysql django.contrib.sessions.backends.db': called('the database', 'db'),
  'django.contrib.sessions.backends.cached_db cache_db cacheddb': called(
    'the database with a cache',
    'cached_db',
  ),
  'files django.contrib.sessions.backends.file local': called('a store of files', 'file'),
  'cookie cookies signed django.contrib.sessions.backends.signed_cookies': called(
    'a signed cookie',
    'signed_cookies',
  ),
}

/** Other names for session stores, by runtime. */
export const storeWords: Readonly<Record<string, Readonly<Record<string, Advice>>>> = {
  tomcat,
  spring,
  php,
  django,
}
