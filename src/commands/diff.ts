import { defineCommand, flag, text } from './define.ts'
import { fileOption, formatOption, outOption, targetOption, verboseOption } from './options.ts'

export const diffOptions = {
  file: fileOption,
  out: outOption,
  target: targetOption,
  base: text(
    '-b, --base <revision>',
    'compare with what the spec at a git revision gives, instead of the disk',
    null,
  ),
  context: text('-U, --context <lines>', 'unchanged lines shown around each change', '3'),
  exitCode: flag('--exit-code', 'exit 1 when there is a difference'),
  format: formatOption,
  quiet: flag(
    '-q, --quiet',
    'print nothing but errors; with --exit-code, the exit code is the answer',
  ),
  verbose: verboseOption,
}

export const diff = defineCommand({
  name: 'diff',
  summary: 'show what generate would change',
  details:
    'Renders the spec and compares it with what stands below --out, or with what the spec gave at a git revision. Prints a unified diff of the artifacts and nothing else. Secrets are masked on both sides.',
  examples: [
    ['sessctl diff', 'what sessctl generate would change below generated/'],
    ['sessctl diff --base origin/main', 'what this branch changes, without a checkout'],
    ['sessctl diff --base HEAD --exit-code --quiet', 'in a script: 1 when anything changes'],
  ],
  options: diffOptions,
  load: async () => (await import('./diff/run.ts')).runDiff,
})
