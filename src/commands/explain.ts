import { defineCommand } from './define.ts'
import { formatOption } from './options.ts'

export const explainOptions = { format: formatOption }

export const explain = defineCommand({
  name: 'explain',
  summary: 'print what a diagnostic means',
  details: [
    'Prints the documentation of a code: its severity, the reason, an example, and the same example corrected. Without a code, lists all of them.',
  ],
  examples: [
    ['sessctl explain hash-by-session-cookie', 'what this error means'],
    ['sessctl explain', 'all codes'],
  ],
  operands: [{ name: '[code]', description: 'the code in brackets after error, warning or info' }],
  options: explainOptions,
  load: async () => (await import('./explain/run.ts')).runExplain,
})
