import { choice, flag, list, many, text } from './define.ts'

/** Options and operands that several commands share. */
export const fileOption = text(
  '-f, --file <path>',
  'read the spec from this file; - is standard input (default: sessctl.yaml, else sessctl.yml)',
  null,
)
export const allowOutsideOption = many(
  '--allow-outside <path>',
  'let the spec name this file or folder outside its repository (repeatable)',
)
export const specOperand = { name: '[spec]', description: 'the spec, as with --file' } as const
export const outputOption = {
  ...text('-o, --output <folder>', 'the folder of the generated files', 'generated'),
  alias: '--out',
} as const
export const targetOption = list(
  '-t, --target <names>',
  'only these targets, separated by commas',
  ['nginx', 'haproxy', 'httpd', 'tomcat', 'spring', 'php', 'django'],
)
export const verboseOption = flag('-v, --verbose', 'print notes as well as their number')
export const formatOption = choice(
  '--format <format>',
  'the output format',
  ['text', 'json'],
  'text',
)
