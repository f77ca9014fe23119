import { defineCommand } from './define.ts'

export const schema = defineCommand({
  name: 'schema',
  summary: 'print the JSON Schema of the spec, for editors',
  details: 'JSON Schema draft 7, made from what sessctl itself checks specs with.',
  examples: [
    [
      'sessctl schema > sessctl.schema.json',
      'then, as the first line of the spec:\n      # yaml-language-server: $schema=./sessctl.schema.json',
    ],
  ],
  options: {},
  load: async () => (await import('./schema/run.ts')).runSchema,
})
