import { choice, defineCommand, flag, list, text } from './define.ts'
import {
  allowOutsideOption,
  fileOption,
  outputOption,
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
    'compare with the spec at this git revision instead of the output folder',
    null,
  ),
  head: text('--head <revision>', 'with --base: the new spec is that of this git revision', null),
  baseFile: text(
    '--base-file <path>',
    'with --base: the old spec is this file of the revision (default: the same file, also under its name before a rename)',
    null,
  ),
  as: text(
    '--as <path>',
    'with two specs: read both in the place of this file, where the files are that they name',
    null,
  ),
  context: text('-U, --context <lines>', 'unchanged lines around each change', '3'),
  exitCode: flag('--exit-code', 'exit 1 if a generated file differs'),
  detailedExitcode: flag(
    '--detailed-exitcode',
    'exit 0 if nothing differs, 2 if a generated file differs, 1 if the command line or a spec is invalid',
  ),
  failOn: list(
    '--fail-on <conditions>',
    'exit 1 if sessions are lost (sessions-lost), or more than a share of those of an upstream (sessions-lost=5%), or if there is a risk for availability (availability) or security (security); several are separated by commas',
  ),
  prove: flag(
    '--prove',
    'with two specs: run the old one in the lab, turn it into the new one under traffic, and compare what is measured with the prediction',
  ),
  clients: text('--clients <number>', 'with --prove: number of clients of each upstream', '2000'),
  libs: text(
    '--libs <folder>',
    'with --prove: the folder of the jars that generate --fetch-libs downloaded',
    null,
  ),
  format: choice(
    '--format <format>',
    'the output format: markdown is a comment for a code host; github and gitlab are annotations of these',
    ['text', 'json', 'markdown', 'html', 'github', 'gitlab'],
    'text',
  ),
  quiet: flag('-q, --quiet', 'print nothing but errors'),
  verbose: verboseOption,
}

export const diff = defineCommand({
  name: 'diff',
  summary: 'show what a change does to sessions, and what generate would change',
  details: [
    'Generates the files of two specs and compares them: the spec now with the output folder, with itself at a git revision (--base), or two specs (OLD NEW). Prints first what the change does to sessions, its risks with what avoids them, and its parts; below, a unified diff of the generated files, which patch and git apply accept with the lines above it. Secrets are masked on both sides.',
    'What happens to sessions can be said only if both specs are known. For the output folder, that is the spec of the last commit, if the files were generated from it. Two folders of generated files can be compared, too.',
    '--prove runs both specs on loopback, as sessctl lab does, with the programs that are on PATH, in the usual folders, or named by SESSCTL_NGINX and the like (SESSCTL_NGINX_BEFORE for those of the old spec). Application servers that are not installed are replaced by a built-in session server. Exits 1 if the lab contradicts the prediction by more than two percentage points.',
    'Revisions are read from the objects of git: no checkout is needed, and the repository may be bare.',
  ],
  examples: [
    ['sessctl diff', 'what sessctl generate would change in generated/'],
    ['sessctl diff --base origin/main', 'what this branch does, without a checkout'],
    ['sessctl diff --base v1 --head v2 shop.yaml', 'between two revisions'],
    ['sessctl diff old.yaml new.yaml', 'between two specs'],
    ['sessctl diff --base origin/main --format markdown', 'a comment for the code review'],
    ['sessctl diff --base origin/main --prove', 'the prediction, and what the lab measures'],
    [
      'sessctl diff --base origin/main --fail-on sessions-lost=5%,availability',
      'in CI: exit 1 if more are lost, or requests may fail',
    ],
  ],
  operands: [
    { name: '[spec]', description: 'the spec, as with --file; before a second one: the old spec' },
    { name: '[new]', description: 'the new spec, which is compared with the first one' },
  ],
  options: diffOptions,
  load: async () => (await import('./diff/run.ts')).runDiff,
})
