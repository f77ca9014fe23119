import { defineCommand, flag, text } from './define.ts'
import {
  allowOutsideOption,
  fileOption,
  formatOption,
  outputOption,
  specOperand,
  targetOption,
  verboseOption,
} from './options.ts'

export const diffOptions = {
  file: fileOption,
  allowOutside: allowOutsideOption,
  output: outputOption,
  target: targetOption,
  base: text(
    '-b, --base <revision>',
    'compare with the output of the spec at this git revision instead of the output folder',
    null,
  ),
  context: text('-U, --context <lines>', 'unchanged lines around each change', '3'),
  exitCode: flag('--exit-code', 'exit 1 if there is a difference'),
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors'),
  verbose: verboseOption,
}

export const diff = defineCommand({
  name: 'diff',
  summary: 'show what generate would change',
  details: [
    'Generates the files of the spec and compares them with the output folder, or with the files of the spec at a git revision. Prints a unified diff. Secrets are masked on both sides.',
  ],
  examples: [
    ['sessctl diff', 'what sessctl generate would change in generated/'],
    ['sessctl diff --base origin/main', 'what this branch changes, without a checkout'],
    ['sessctl diff --base HEAD --exit-code --quiet', 'in a script: exit 1 if anything changes'],
  ],
  operands: [specOperand],
  options: diffOptions,
  load: async () => (await import('./diff/run.ts')).runDiff,
})
