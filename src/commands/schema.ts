import { defineCommand } from './define.ts'

export const schema = defineCommand({
  name: 'schema',
  summary: 'print the JSON Schema of the spec',
  details: [
    'JSON Schema draft 7, made from the same definitions that sessctl checks a spec with. Editors use it for completion and checks: write it to a file, and name the file in the first line of the spec.',
  ],
  examples: [
    [
      'sessctl schema > sessctl.schema.json',
      'then, in the spec: # yaml-language-server: $schema=./sessctl.schema.json',
    ],
  ],
  options: {},
  load: async () => (await import('./schema/run.ts')).runSchema,
})
