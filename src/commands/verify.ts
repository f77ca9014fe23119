import { choice, defineCommand, flag, many, text } from './define.ts'

export const verifyOptions = {
  file: text('-f, --file <path>', 'the spec that the balancer runs: its claims are checked', null),
  upstream: text('--upstream <name>', 'the upstream of the spec that serves the URL', null),
  claim: many(
    '--claim <name[=share]>',
    'what must hold, once for each: sticky, spread, nat, subnet, cdn, parallel, url or answered, perhaps with the least share, as in sticky=99% (default: the claims of the spec, else sticky and spread)',
  ),
  scenario: many(
    '--scenario <name>',
    'run only this one and what --claim names, once for each (default: all that traffic can show)',
  ),
  clients: text('-c, --clients <number>', 'how many clients', '100'),
  requests: text('-r, --requests <number>', 'how many requests of each client', '10'),
  concurrency: text('--concurrency <number>', 'requests under way at a time', '8'),
  rate: text(
    '--rate <number>',
    'requests a second (default: as fast as they are answered; 50 on another host)',
    null,
  ),
  timeout: text('--timeout <duration>', 'how long an answer may take', '10s'),
  host: text('--host <name>', 'the Host to ask for (default: as in the URL)', null),
  servers: text(
    '--servers <number>',
    'how many servers should take part, where no spec says it',
    null,
  ),
  serverBy: text(
    '--server-by <where>',
    'what in an answer tells its server: route:COOKIE, cookie:NAME, header:NAME, json:MEMBER or body:REGEXP (default: as the spec has it, else route:JSESSIONID)',
    null,
  ),
  countBy: text(
    '--count-by <where>',
    "where the application counts a session's requests: header:NAME, json:MEMBER or body:REGEXP",
    null,
  ),
  keepalive: flag('--keepalive', 'keep a connection for each client'),
  ca: text('--ca <path>', 'trust the authorities of this PEM file, and no others', null),
  insecure: flag('--insecure', 'take any certificate'),
  iOwnThisHost: flag(
    '--i-own-this-host',
    'ask a host that is not this one: you answer for the load',
  ),
  output: text('-o, --output <path>', 'also write the report as one HTML page', null),
  dryRun: flag('-n, --dry-run', 'say what would be asked, and ask nothing'),
  format: choice('--format <format>', 'how to answer', ['text', 'json', 'html'], 'text'),
  quiet: flag('-q, --quiet', 'say nothing but errors; the exit code is the answer'),
}

export const verify = defineCommand({
  name: 'verify',
  summary: 'drive traffic at a running balancer and check what is claimed of it',
  details:
    'Asks as many clients would: with cookies, from addresses of their own, from one address, through a CDN, with parallel requests, with sessions in URLs. Tells how many requests stay on their server, how evenly clients spread, what fails and how long it takes. Exits 1 when a claim does not hold, or was not seen to hold.',
  examples: [
    ['sessctl verify http://127.0.0.1/shop/', 'by the route in JSESSIONID'],
    [
      'sessctl verify http://127.0.0.1/ --file cluster.yaml --output report.html',
      'what the spec claims, and a page with plots',
    ],
    [
      'sessctl verify http://127.0.0.1/ --server-by header:X-Server --claim sticky=99% --claim nat',
      'an application that names its server in a header',
    ],
  ],
  operands: { usage: 'URL', least: 1, most: 1, rest: null },
  options: verifyOptions,
  load: async () => (await import('./verify/run.ts')).runVerify,
})
