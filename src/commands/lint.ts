import { choice, defineCommand, flag, text } from './define.ts'
import { allowOutsideOption, verboseOption } from './options.ts'

export const lintOptions = {
  type: choice(
    '--type <type>',
    'what the files configure',
    ['detect', 'spec', 'nginx', 'haproxy', 'httpd', 'tomcat'],
    'detect',
  ),
  nginxVersion: text(
    '--nginx-version <version>',
    'the release of nginx that reads the files',
    null,
  ),
  format: choice(
    '--format <format>',
    'the output format: github and gitlab are annotations of these code hosts',
    ['text', 'json', 'sarif', 'github', 'gitlab'],
    'text',
  ),
  fix: flag('--fix', 'apply the remedies that need no decision'),
  dryRun: flag('--dry-run', 'with --fix, show the changes as a diff and write nothing'),
  baseline: text('--baseline <file>', 'report only findings that this file does not list', null),
  writeBaseline: flag('--write-baseline', 'write the findings to the file of --baseline'),
  allowOutside: allowOutsideOption,
  quiet: flag('-q, --quiet', 'print errors only'),
  verbose: verboseOption,
}

export const lint = defineCommand({
  name: 'lint',
  summary: 'report what loses sessions, in the lines of the files',
  details: [
    'Reports the findings of all rules, each at its line with its remedy. Files are specs, or existing configuration that sessctl did not write, which is read with the files that it includes. Without a file, the spec of the working directory is checked. Exits with 1 if an error or a warning is found.',
    'A comment "# sessctl: ignore CODE REASON" above a line hides a warning about it. --baseline hides the findings that were there when the file was written: a finding is recognised by its line, even if the line was moved.',
  ],
  examples: [
    ['sessctl lint', 'the spec in this folder'],
    ['sessctl lint /etc/nginx/nginx.conf --nginx-version 1.26.3', 'existing configuration'],
    ['sessctl lint --format sarif shop.yaml > sessctl.sarif', 'for a code host'],
    ['sessctl lint --fix --dry-run', 'what --fix would change'],
    ['sessctl lint --baseline sessctl-baseline.json --write-baseline', 'accept what is there'],
  ],
  operands: [{ name: '[files...]', description: 'the files to check' }],
  options: lintOptions,
  load: async () => (await import('./lint/run.ts')).runLint,
})
