import { choice, defineCommand, many, text } from './define.ts'
import { allowOutsideOption, fileOption, specOperand } from './options.ts'

export const simulateOptions = {
  file: fileOption,
  allowOutside: allowOutsideOption,
  target: choice(
    '-t, --target <name>',
    'the proxy of the spec to simulate',
    ['first', 'all', 'nginx', 'haproxy', 'httpd'],
    'first',
  ),
  upstream: text(
    '--upstream <name>',
    'the upstream to simulate (default: the first one that a location uses)',
    null,
  ),
  event: many(
    '--event <event>',
    'what happens, such as dies=app1 (repeatable, in this order; default: a server is added, the last one is drained and removed, the first one dies and returns)',
  ),
  clients: text(
    '--clients <number>',
    'number of clients (default: 10000, or those of a file)',
    null,
  ),
  shape: text(
    '--shape <shape>',
    'where clients come from: internet, nat, cdn, offices, ipv6 or mixed; nat=50: behind 50 addresses (default: mixed)',
    null,
  ),
  addresses: text('--addresses <path>', 'the addresses of clients, one in each line', null),
  accessLog: text('--access-log <path>', 'take the clients from an access log', null),
  withoutCookies: text(
    '--without-cookies <percent>',
    'percentage of the clients that send no cookies back',
    '0',
  ),
  tabs: text('--tabs <number>', 'pages that each client opens at once when it arrives', '1'),
  seed: text('--seed <number>', 'repeats the clients and the choices of a run', '1'),
  format: choice('--format <format>', 'the output format', ['text', 'json', 'html'], 'text'),
  output: text('-o, --output <path>', 'write the report as an HTML page, too', null),
}

export const simulate = defineCommand({
  name: 'simulate',
  summary: 'compute which server serves which client, and which sessions an event loses',
  details: [
    'Sends the requests of many clients through an exact model of the proxy, without starting anything: which server gets how many clients, and after each event how many clients move to another server, how many sessions are lost with each session store, and for how long.',
    'Events: dies=SERVER, returns=SERVER, add=SERVER or add=SERVER@ADDRESS, remove=SERVER, drain=SERVER, down=SERVER, up=SERVER, weight=SERVER:NUMBER, affinity=METHOD (none, ip_hash, hash, consistent_hash, jvm_route, cookie), balance=METHOD (round_robin, least_conn, random), reload. They happen one after the other, and every client sends a request after each of them.',
  ],
  examples: [
    ['sessctl simulate shop.yaml', 'the usual events'],
    [
      'sessctl simulate shop.yaml --event add=app4 --event remove=app1',
      'a server is replaced by another',
    ],
    ['sessctl simulate shop.yaml --shape nat=20 --event dies=app1', 'clients behind 20 addresses'],
    ['sessctl simulate --access-log access.log -t all', 'the clients of a log, with every proxy'],
    ['sessctl simulate shop.yaml -o simulation.html', 'the same as a page with plots'],
  ],
  operands: [specOperand],
  options: simulateOptions,
  load: async () => (await import('./simulate/run.ts')).runSimulate,
})
