import type { Advice } from '../foreign-words.ts'

const called = (what: string, help: string): Advice => ({
  message: `{word} is another product's name for ${what}`,
  help: `write ${help}`,
})

/** Words of other products for the other enums of the spec, by field. */
export const otherWords: Readonly<Record<string, Readonly<Record<string, Advice>>>> = {
  flavor: {
    'plus nginxplus nginx+ nginx_plus n+ f5 f5-nginx': called('NGINX Plus', 'flavor: nginx-plus'),
    'open-resty resty': called('OpenResty', 'flavor: openresty'),
    'freenginx oss mainline stable open-source': {
      message: 'for sessctl, this nginx has the same features as nginx',
      help: 'write flavor: nginx',
    },
  },
  modules: {
    'nginx-sticky-module nginx-sticky-module-ng sticky sticky-module nginx_sticky_module': {
      message: 'the supported version of nginx-sticky-module is its maintained fork, sticky-ng',
      help: 'write modules: [sticky-ng]',
    },
    'nginx_upstream_jvm_route nginx-upstream-jvm-route ngx_http_upstream_jvm_route_module jvmroute':
      called('the jvm_route module', 'modules: [jvm_route]'),
    'nginx_upstream_check_module upstream-check check ngx_http_upstream_check_module healthcheck':
      called('the upstream_check module', 'modules: [upstream_check]'),
    'nginx-module-vts vhost_traffic_status nginx-module-vhost-traffic-status': called(
      'the vts module',
      'modules: [vts]',
    ),
    'session-sticky ngx_http_upstream_session_sticky_module': called(
      "Tengine's session_sticky",
      'modules: [session_sticky]',
    ),
    'fair upstream_fair nginx-upstream-fair': {
      message: 'fair is a third-party module of nginx that is no longer maintained',
      help: 'remove it, and write balance: least_conn in the upstream',
    },
  },
  kind: {
    'valkey keydb dragonfly redis-cluster redis-sentinel elasticache': called(
      'a server with the Redis protocol',
      'kind: redis',
    ),
    'memcache couchbase': called('memcached', 'kind: memcached'),
    'postgresql postgres mysql mariadb oracle sqlserver database db sql': called(
      'a database',
      'kind: jdbc',
    ),
  },
  mode: {
    'standalone one master replica replicated': called('a single Redis', 'mode: single'),
    'sentinels ha': called('Redis with sentinels', 'mode: sentinel'),
    'clustered redis-cluster': called('Redis Cluster', 'mode: cluster'),
  },
  state: {
    'drained draining soft-stop stopping': called('draining', 'state: drain'),
    'disabled maint maintenance off offline stopped dead': called(
      'a server that takes no requests',
      'state: down',
    ),
    'active enabled ready online on primary': called('a server that takes requests', 'state: up'),
    'spare standby hot-standby +H': called('a backup server', 'state: backup'),
  },
  membership: {
    'mcast McastService': called('membership by multicast', 'membership: multicast'),
    'k8s KubernetesMembershipProvider': called(
      'membership in Kubernetes',
      'membership: kubernetes',
    ),
    'StaticMembershipInterceptor unicast': called('static membership', 'membership: static'),
    'DNSMembershipProvider headless': called('membership by DNS', 'membership: dns'),
  },
  runtime: {
    'springboot spring-boot': called('Spring Boot', 'runtime: spring'),
    'apache-tomcat tomee catalina': called('Tomcat', 'runtime: tomcat'),
    'php-fpm phpfpm fpm wordpress laravel symfony': called('PHP', 'runtime: php'),
    'wsgi gunicorn uwsgi': called('Django', 'runtime: django'),
    'jetty undertow wildfly jboss java node nodejs rails ruby python flask go dotnet aspnet': {
      message: 'sessctl does not configure this runtime',
      help: 'write app: { runtime: none }',
    },
  },
  on: {
    'http_5xx 5xx 500 502 503 504 updating': {
      message: 'each response status that counts as a failure is listed separately',
      help: 'write on: [error, timeout, http_500, http_502, http_503, http_504]',
    },
    'conn-failure conn_failure connect-failure': called('a failed connection', 'on: [error]'),
    'response-timeout empty-response': called('a server that does not answer', 'on: [timeout]'),
  },
  eviction: {
    'none no never no-eviction': called('a Redis that removes no keys', 'eviction: noeviction'),
    'lru allkeys': called('removing the least recently used keys', 'eviction: allkeys-lru'),
    ttl: called('removing the keys that expire next', 'eviction: volatile-ttl'),
  },
  transcoder: {
    'default serialization java-serialization': called('Java serialization', 'transcoder: java'),
  },
  onFailure: {
    'fail error refuse sticky required': called('rejecting the request', 'onFailure: strict'),
    'failover redispatch next fallback': called('using another server', 'onFailure: rebalance'),
  },
}
