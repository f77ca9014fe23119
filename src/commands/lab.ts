import { choice, defineCommand, flag, many, text } from './define.ts'

export const labOptions = {
  compare: flag('--compare', 'one table over several specs'),
  scenario: many('--scenario <name>', 'only this scenario, once for each (default: all)'),
  list: flag('--list', 'say which scenarios there are'),
  keep: flag('--keep', 'leave it running for a browser until Ctrl-C'),
  target: choice(
    '-t, --target <name>',
    'which balancer of the spec',
    ['first', 'nginx', 'haproxy', 'httpd'],
    'first',
  ),
  upstream: text(
    '--upstream <name>',
    'which upstream (default: the first that a location leads to)',
    null,
  ),
  clients: text(
    '--clients <number>',
    'how many clients; a prime number, so that taking turns does not look like staying',
    '101',
  ),
  requests: text('--requests <number>', 'how often each of them asks', '5'),
  nginx: text('--nginx <path>', 'the nginx to run', null),
  haproxy: text('--haproxy <path>', 'the HAProxy to run', null),
  httpd: text('--httpd <path>', 'the httpd to run', null),
  catalinaHome: many('--catalina-home <folder>', 'a Tomcat to run, once for each release line'),
  springBoot: many(
    '--spring-boot <folder>',
    'the jars of a Spring Boot application (BOOT-INF/lib), once for each release line',
  ),
  java: text('--java <path>', 'the Java that runs Tomcat and Spring Boot', null),
  php: text('--php <path>', 'the PHP to run', null),
  python: text('--python <path>', 'a Python that has Django', null),
  redis: text('--redis <path>', 'the redis-server to run', null),
  memcached: text('--memcached <path>', 'the memcached to run', null),
  postgres: text('--postgres <path>', 'the postgres to run', null),
  initdb: text('--initdb <path>', 'the initdb that belongs to it', null),
  libs: text('--libs <folder>', 'where the jars are that generate --fetch-libs brought', null),
  format: choice('--format <format>', 'how to answer', ['text', 'json', 'html'], 'text'),
  output: text('-o, --output <path>', 'also write the report as one HTML page', null),
  dryRun: flag('-n, --dry-run', 'say what would be started and asked, and start nothing'),
  quiet: flag('-q, --quiet', 'say nothing while it goes on'),
}

export const lab = defineCommand({
  name: 'lab',
  summary: 'start the cluster of a spec on loopback and see what survives',
  details:
    'Starts the balancer, the application servers and the session stores of a spec, on free ports of a loopback address and in a private folder; drives clients through it while servers die, return, drain and restart; and says what became of the sessions. Everything is gone afterwards, however it ends.\n\nReal software is run where it is on this host (on PATH, in the usual places, or named by an option); a small built-in session server stands in for application servers that are not, and is named as such. Exit 1 means that something which the spec claims does not hold.',
  examples: [
    ['sessctl lab shop.yaml', 'every scenario, one line each'],
    ['sessctl lab shop.yaml --scenario sticky --scenario kill', 'only these'],
    [
      'sessctl lab --compare local.yaml delta.yaml redis.yaml',
      'one table: what survives with which',
    ],
    ['sessctl lab shop.yaml --dry-run', 'what would be started, and from where'],
    ['sessctl lab shop.yaml --keep', 'leave it running; Ctrl-C ends it'],
  ],
  operands: { usage: '[SPEC…]', least: 0, most: 20, rest: null },
  options: labOptions,
  load: async () => (await import('./lab/run.ts')).runLab,
})
