import { choice, defineCommand, flag, list, text } from './define.ts'
import { allowOutsideOption } from './options.ts'

export const verifyOptions = {
  file: text(
    '-f, --file <path>',
    'the spec of the proxy: its claims are checked; - is standard input',
    null,
  ),
  allowOutside: allowOutsideOption,
  upstream: text('--upstream <name>', 'the upstream of the spec that serves the URL', null),
  claim: list(
    '--claim <names>',
    'what must hold, separated by commas: sticky, spread, nat, subnet, cdn, parallel, url, upgrade or answered, each optionally with a minimum, as in sticky=99% (default: the claims of the spec, else sticky and spread)',
  ),
  scenario: list(
    '--scenario <names>',
    'run only these scenarios and those of --claim, separated by commas (default: all that traffic can show)',
  ),
  clients: text('-c, --clients <number>', 'number of clients', '100'),
  requests: text('-r, --requests <number>', 'number of requests of each client', '10'),
  upgradePath: text(
    '--upgrade-path <path>',
    'open the WebSocket connections of "upgrade" on this path (default: that of the URL), and run the scenario',
    null,
  ),
  idle: text('--idle <duration>', 'how long the connections of "upgrade" are idle', '2s'),
  concurrency: text('--concurrency <number>', 'number of parallel requests', '8'),
  rate: text(
    '--rate <number>',
    'requests per second (default: unlimited; 50 for another host)',
    null,
  ),
  timeout: text('--timeout <duration>', 'the timeout of a response', '10s'),
  host: text('--host <name>', 'the Host header (default: as in the URL)', null),
  servers: text('--servers <number>', 'the number of servers, if no spec is given', null),
  serverBy: text(
    '--server-by <where>',
    'where a response names its server: route:COOKIE, cookie:NAME, header:NAME, json:MEMBER or body:REGEXP (default: according to the spec, else route:JSESSIONID)',
    null,
  ),
  countBy: text(
    '--count-by <where>',
    "where a response has the session's number of requests: header:NAME, json:MEMBER or body:REGEXP",
    null,
  ),
  keepalive: flag('--keepalive', 'use one keepalive connection per client'),
  ca: text('--ca <path>', 'trust only the certificate authorities of this PEM file', null),
  insecure: flag('--insecure', 'accept any certificate'),
  iOwnThisHost: flag(
    '--i-own-this-host',
    'send requests to another host; you are responsible for the load',
  ),
  output: text('-o, --output <path>', 'write the report as an HTML page, too', null),
  dryRun: flag('-n, --dry-run', 'print the plan; send nothing'),
  format: choice('--format <format>', 'the output format', ['text', 'json', 'html'], 'text'),
  quiet: flag('-q, --quiet', 'print nothing but errors; the exit code is the result'),
}

export const verify = defineCommand({
  name: 'verify',
  summary: 'test the session affinity of a running proxy',
  details: [
    'Sends requests as many clients would: with cookies, from different addresses, from one address, through a CDN, in parallel, with sessions in URLs. Reports how many requests stay on their server, how evenly clients are distributed, what fails and how long it takes. Exits 1 if a claim does not hold or could not be tested.',
  ],
  examples: [
    ['sessctl verify http://127.0.0.1/shop/', 'servers are identified by the route in JSESSIONID'],
    [
      'sessctl verify http://127.0.0.1/ --file cluster.yaml --output report.html',
      'check the claims of the spec, and write a page with plots',
    ],
    [
      'sessctl verify http://127.0.0.1/ --server-by header:X-Server --claim sticky=99%,nat',
      'an application that names its server in a header',
    ],
  ],
  operands: [
    { name: '<url>', description: 'the URL of a page that has a session' },
    { name: '[spec]', description: 'the spec, as with --file' },
  ],
  options: verifyOptions,
  load: async () => (await import('./verify/run.ts')).runVerify,
})
