import { choice, defineCommand, flag, list, many, text } from './define.ts'
import { allowOutsideOption } from './options.ts'

export const labOptions = {
  file: many('-f, --file <path>', 'a spec (repeatable; default: sessctl.yaml, else sessctl.yml)'),
  allowOutside: allowOutsideOption,
  compare: flag('--compare', 'print one table for several specs'),
  scenario: list('--scenario <names>', 'only these scenarios, separated by commas (default: all)'),
  list: flag('--list', 'list the scenarios'),
  keep: flag('--keep', 'keep the cluster running until Ctrl-C'),
  target: choice(
    '-t, --target <name>',
    'the proxy of the spec to start',
    ['first', 'nginx', 'haproxy', 'httpd'],
    'first',
  ),
  upstream: text(
    '--upstream <name>',
    'the upstream to test (default: the first one that a location uses)',
    null,
  ),
  clients: text(
    '--clients <number>',
    'number of clients (a prime number keeps round robin from looking sticky)',
    '101',
  ),
  requests: text('--requests <number>', 'number of requests of each client', '5'),
  upgradePath: text(
    '--upgrade-path <path>',
    'the path of the WebSocket connections of "upgrade" (default: a location with "websocket: true")',
    null,
  ),
  idle: text(
    '--idle <duration>',
    'how long the connections of "upgrade" are idle (default: 80% of the tunnel timeout of the spec, at most 65s; 1s without one)',
    null,
  ),
  slow: text('--slow <duration>', 'how long the slow answer of "slow" takes', '2s'),
  nginx: text('--nginx <path>', 'the nginx binary', null),
  haproxy: text('--haproxy <path>', 'the HAProxy binary', null),
  httpd: text('--httpd <path>', 'the httpd binary', null),
  catalinaHome: many(
    '--catalina-home <folder>',
    'a Tomcat installation (repeatable, one per release line)',
  ),
  springBoot: many(
    '--spring-boot <folder>',
    'the jars of a Spring Boot application (BOOT-INF/lib; repeatable, one per release line)',
  ),
  java: text('--java <path>', 'the Java of Tomcat and Spring Boot', null),
  php: text('--php <path>', 'the PHP binary', null),
  python: text('--python <path>', 'a Python with Django', null),
  redis: text('--redis <path>', 'the Redis server binary', null),
  memcached: text('--memcached <path>', 'the memcached binary', null),
  postgres: text('--postgres <path>', 'the PostgreSQL server binary', null),
  initdb: text('--initdb <path>', 'the initdb of the same PostgreSQL', null),
  libs: text(
    '--libs <folder>',
    'the folder of the jars that generate --fetch-libs downloaded',
    null,
  ),
  user: text(
    '--user <name>',
    'the user of all servers when sessctl runs as root, by name or number (default: nobody)',
    null,
  ),
  format: choice('--format <format>', 'the output format', ['text', 'json', 'html'], 'text'),
  output: text('-o, --output <path>', 'write the report as an HTML page, too', null),
  dryRun: flag('-n, --dry-run', 'print the plan; start nothing'),
  quiet: flag('-q, --quiet', 'print no progress'),
}

export const lab = defineCommand({
  name: 'lab',
  summary: 'run the cluster of a spec on loopback and test its sessions',
  details: [
    'Starts the proxy, the application servers and the session stores of a spec on free loopback ports and in a private folder, sends requests of many clients while servers fail, return, drain and restart, and reports which sessions were kept. All processes and files are removed afterwards, also after an interruption.',
    'Installed software is used where it is found: on PATH, in the usual folders, or as named by an option. Application servers that are not installed are replaced by a small built-in session server, which the report names. Exits 1 if a claim of the spec does not hold.',
  ],
  examples: [
    ['sessctl lab shop.yaml', 'all scenarios, one line each'],
    ['sessctl lab shop.yaml --scenario sticky,kill', 'only these scenarios'],
    [
      'sessctl lab --compare local.yaml delta.yaml redis.yaml',
      'one table: which sessions each of them keeps',
    ],
    ['sessctl lab shop.yaml --dry-run', 'the plan: programs, versions and ports'],
    ['sessctl lab shop.yaml --keep', 'keep it running for a browser; Ctrl-C ends it'],
  ],
  operands: [{ name: '[specs...]', description: 'the specs, as with --file' }],
  options: labOptions,
  load: async () => (await import('./lab/run.ts')).runLab,
})
