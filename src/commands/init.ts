import { defineCommand, flag, list, text } from './define.ts'

export const initOptions = {
  name: text('--name <name>', 'the name of the application (default: shop)', null),
  hostName: text('--host-name <name>', 'the public host name (default: shop.example.com)', null),
  proxy: list('-p, --proxy <names>', 'the proxies, separated by commas (default: nginx)', [
    'nginx',
    'haproxy',
    'httpd',
  ]),
  runtime: text(
    '-r, --runtime <name>',
    'the application server: tomcat, spring, php or django (default: tomcat)',
    null,
  ),
  sessions: text(
    '-s, --sessions <where>',
    'where sessions are: local (in each server) or shared (in Redis; default: local)',
    null,
  ),
  server: list(
    '--server <name=address>',
    'the servers, separated by commas (default: two examples)',
  ),
  output: text('-o, --output <path>', 'the file to write; - is standard output', 'sessctl.yaml'),
  force: flag('--force', 'replace an existing file'),
  yes: flag('-y, --yes', 'ask nothing; use the defaults'),
}

export const init = defineCommand({
  name: 'init',
  summary: 'write a first spec',
  details: [
    'Writes a commented spec that works as it is. On a terminal, init asks for what no option gives; elsewhere it uses the defaults. The versions of proxies that are installed on this host are filled in.',
  ],
  examples: [
    ['sessctl init', 'answer a few questions, then edit sessctl.yaml'],
    [
      'sessctl init -y --proxy nginx,haproxy --runtime tomcat --server a=10.0.0.11:8080,b=10.0.0.12:8080',
      'in a script',
    ],
  ],
  options: initOptions,
  load: async () => (await import('./init/run.ts')).runInit,
})
