import { defineCommand, flag, text } from './define.ts'
import { verboseOption } from './options.ts'

export const importOptions = {
  output: text('-o, --output <path>', 'the spec to write; without it, the spec is printed', null),
  name: text(
    '--name <name>',
    'the name of the cluster (default: that of the first upstream)',
    null,
  ),
  fromRunning: flag('--from-running', 'import the configuration that nginx -T of this host names'),
  force: flag('--force', 'replace an existing spec'),
  quiet: flag('-q, --quiet', 'print errors only'),
  verbose: verboseOption,
}

export const importCommand = defineCommand({
  name: 'import',
  summary: 'write a spec for existing configuration',
  details: [
    'Reads an nginx.conf, a file that it includes, a haproxy.cfg, or a configuration of httpd, with server.xml and context.xml of Tomcats, and writes a spec that names them as "base". generate with this spec changes no byte of the files: import tries that before it writes the spec, and refuses a file that would change, with its line. An upstream that a spec cannot describe is left out, and stays as it is.',
    'A server.xml is matched to the server of an upstream by its jvmRoute, by the port of its Connector, or by a folder with the name of the host. A context.xml next to a server.xml is read, too. What the files do not say is asked for in a comment that begins with TODO.',
  ],
  examples: [
    ['sessctl import nginx.conf -o sessctl.yaml', 'the upstreams of nginx'],
    ['sessctl import haproxy.cfg -o sessctl.yaml', 'the backends of HAProxy'],
    ['sessctl import sites-available/shop.conf -o sessctl.yaml', 'the balancers of httpd'],
    [
      'sessctl import nginx/site.conf tomcat/*/server.xml -o sessctl.yaml',
      'with the Tomcats behind it',
    ],
    ['sudo sessctl import --from-running', 'the nginx of this host'],
  ],
  operands: [{ name: '[files...]', description: 'the files to import' }],
  options: importOptions,
  load: async () => (await import('./import/run.ts')).runImport,
})
