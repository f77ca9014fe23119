import { defineCommand } from './define.ts'
import { generateOptions } from './generate.ts'
import { specOperand } from './options.ts'

const { file, allowOutside, output, target, errorOnWarnings, format, quiet, verbose } =
  generateOptions

export const validateOptions = {
  file,
  allowOutside,
  output,
  target,
  errorOnWarnings,
  format,
  quiet,
  verbose,
}

export const validate = defineCommand({
  name: 'validate',
  summary: 'check a spec and what it generates with the installed servers',
  details: [
    'As sessctl generate --validate --dry-run: reads the spec, generates the files in a private folder, and runs nginx -t, haproxy -c, httpd -t and a real start of Tomcat on them. Nothing is written.',
  ],
  examples: [
    ['sessctl validate', 'before a deployment'],
    ['sessctl validate shop.yaml -t nginx --error-on-warnings', 'in CI'],
  ],
  operands: [specOperand],
  options: validateOptions,
  load: async () => (await import('./generate/run.ts')).runValidate,
})
