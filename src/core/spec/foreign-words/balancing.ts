import type { Advice } from '../foreign-words.ts'

const cookie = 'affinity: { method: sticky, by: cookie, cookie: srv_id }'
const learn =
  'affinity: { method: sticky, by: learn, create: $upstream_cookie_JSESSIONID, lookup: $cookie_JSESSIONID }'

const called = (words: string, help: string): Advice => ({
  message: `{word} is another product's name for ${words}`,
  help: `write ${help}`,
})

const balanced = (product: string, method: string): Advice => called(product, `balance: ${method}`)

/** Names for balancing and affinity in nginx, HAProxy, httpd, Traefik, Envoy and their modules. */
export const balancingWords: Readonly<Record<string, Advice>> = {
  'roundrobin round_robin rr wrr weighted weighted_round_robin static-rr byrequests': balanced(
    'round-robin balancing',
    'round_robin',
  ),
  'leastconn least_conn leastconnections lc wlc bybusyness least_request leastrequests': balanced(
    'balancing by the fewest connections',
    'least_conn',
  ),
  'random p2c power_of_two_choices randomized': balanced('random balancing', 'random'),
  'fair upstream_fair nginx-upstream-fair': {
    message: 'fair is a third-party module of nginx that is no longer maintained',
    help: 'write balance: least_conn, which also prefers servers with few active requests',
  },
  'least_time leasttime peak_ewma ewma response_time': {
    message: 'no supported target balances by response time',
    help: 'write balance: least_conn, which also prefers servers with few active requests',
  },
  'bytraffic heartbeat first': {
    message: 'this balancing method exists in one product only',
    help: 'write balance: least_conn, which also prefers servers with few active requests',
  },
  'source ip_hash src client_ip source_ip sourceip source_ip_hash iphash source_hashing': {
    message: 'balancing by the client address is an affinity in a spec',
    help: 'write affinity: { method: ip_hash }',
  },
  'uri url_hash urlhash request_uri uri_hash': called(
    'balancing by a hash of the request URI',
    'balance: { hash: $request_uri }',
  ),
  'hash consistent consistent_hash ring_hash maglev ketama': called(
    'balancing by a hash',
    'balance: { hash: $request_uri, consistent: true }',
  ),
  'hdr header_hash': called('balancing by a hash of a header', 'balance: { hash: $http_host }'),
  'url_param query_param': called(
    'balancing by a hash of an argument',
    'balance: { hash: $arg_id }',
  ),
  'sticky cookie sticky_cookie sticky_cookie_insert cookie_insert insert insert_cookie stickiness lb_cookie app_cookie cookie_based persistence rdp-cookie':
    called('an affinity cookie', cookie),
  'nginx-sticky-module nginx-sticky-module-ng sticky-module sticky-ng': {
    message: 'nginx-sticky-module is one implementation of an affinity cookie',
    help: `write ${cookie}`,
  },
  'session_sticky session-sticky ngx_http_upstream_session_sticky_module': {
    message: "session_sticky is Tengine's directive for an affinity cookie",
    help: `write ${cookie}`,
  },
  appsession: {
    message: 'HAProxy removed appsession in 1.6; the replacement is a learned stick-table',
    help: `write ${learn}`,
  },
  'stick stick_table stick-table stick_on learn learned sticky_learn': called(
    'learning the server from the session cookie',
    learn,
  ),
  'route sticky_route': called(
    'affinity by a route in the request',
    'affinity: { method: sticky, by: route, from: [$cookie_route] }',
  ),
  'jvmroute jvm_route stickysession jsessionid route_suffix session_id session': called(
    'affinity by the route in the session id',
    'affinity: { method: jvm_route }',
  ),
  'lb_method lbmethod lb_policy lb algorithm load_balancing_method loadbalancer strategy': {
    message: 'the balancing method is set by the key "balance"',
    help: 'write balance: round_robin, least_conn or random',
  },
}
