import { choice, flag, list, text } from './define.ts'

/** Options that several commands share. */
export const fileOption = text(
  '-f, --file <path>',
  'the spec; - reads standard input',
  'sessctl.yaml',
)
export const outOption = text('-o, --out <folder>', 'where the artifacts stand', 'generated')
export const targetOption = list('-t, --target <name...>', 'only these dialects', [
  'nginx',
  'haproxy',
  'httpd',
  'tomcat',
  'spring',
  'php',
  'django',
])
/** For commands that print diagnostics. */
export const verboseOption = flag('-v, --verbose', 'show notes, not only their number')
export const formatOption = choice('--format <format>', 'how to answer', ['text', 'json'], 'text')
