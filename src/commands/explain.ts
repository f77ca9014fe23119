import { defineCommand, flag } from './define.ts'
import { allowOutsideOption, fileOption, formatOption } from './options.ts'

export const explainOptions = {
  file: fileOption,
  allowOutside: allowOutsideOption,
  codes: flag('--codes', 'list the codes of all diagnostics'),
  format: formatOption,
}

export const explain = defineCommand({
  name: 'explain',
  summary: 'print why the configuration is as it is, or what a diagnostic means',
  details: [
    'Without an operand, or with a path in the spec, prints for each upstream which form each target uses, which forms it tried before and why it does not use them, and what the rules and the targets report. Models of the proxies, which are compared with the real servers, give what each form costs when a server fails, restarts or is added, when the proxy restarts, and behind a CDN, and which change of the spec improves these figures, in two lines. With more than ten upstreams, name one for its costs. With a code, prints the documentation of the diagnostic: its severity, the reason, an example, and the same example corrected.',
  ],
  examples: [
    ['sessctl explain', 'all upstreams of sessctl.yaml'],
    ['sessctl explain upstreams.shop.affinity', 'one field of it'],
    ['sessctl explain -f shop.yaml targets.nginx', 'what one target makes of another spec'],
    ['sessctl explain hash-by-session-cookie', 'what this error means'],
    ['sessctl explain --codes', 'all codes'],
  ],
  operands: [
    {
      name: '[path|code]',
      description: 'a path in the spec, or the code in brackets after error, warning or info',
    },
  ],
  options: explainOptions,
  load: async () => (await import('./explain/run.ts')).runExplain,
})
