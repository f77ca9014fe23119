import { Ajv } from 'ajv'

const text = { type: 'string', minLength: 1 } as const

const strict = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required: [...required],
})

const level = { enum: ['none', 'note', 'warning', 'error'] }
const one = { type: 'integer', minimum: 1 }

/**
 * The part of SARIF 2.1.0 (OASIS) that sessctl writes: sections 3.13 to 3.30 and 3.49. It is stricter
 * than the standard, which has more properties; what GitHub requires is required.
 */
const log = strict({
  $schema: { type: 'string', pattern: 'sarif-2\\.1\\.0\\.json$' },
  version: { const: '2.1.0' },
  runs: {
    type: 'array',
    minItems: 1,
    items: strict({
      tool: strict({
        driver: strict({
          name: text,
          version: text,
          semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-|$)' },
          informationUri: { type: 'string', pattern: '^https://' },
          rules: {
            type: 'array',
            uniqueItems: true,
            items: strict({
              id: text,
              shortDescription: strict({ text }),
              fullDescription: strict({ text }),
              help: strict({ text, markdown: text }),
              helpUri: { type: 'string', pattern: '^https://' },
              defaultConfiguration: strict({ level }),
              properties: strict({ tags: { type: 'array', uniqueItems: true, items: text } }),
            }),
          },
        }),
      }),
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: {
        type: 'array',
        items: strict({
          ruleId: text,
          ruleIndex: { type: 'integer', minimum: 0 },
          level,
          message: strict({ text }),
          locations: {
            type: 'array',
            minItems: 1,
            maxItems: 1,
            items: strict({
              physicalLocation: strict(
                {
                  artifactLocation: strict(
                    {
                      uri: { type: 'string', pattern: "^[A-Za-z0-9._~!$&'()*+,;=:@%/-]+$" },
                      uriBaseId: text,
                    },
                    ['uri'],
                  ),
                  region: strict({ startLine: one, startColumn: one, endColumn: one }, [
                    'startLine',
                  ]),
                },
                ['artifactLocation'],
              ),
            }),
          },
          partialFingerprints: { type: 'object', minProperties: 1, additionalProperties: text },
        }),
      },
    }),
  },
})

const validate = new Ajv({ allErrors: true, strict: true }).compile(log)

/** What is wrong with a SARIF log. */
export const sarifProblems = (document: unknown): readonly string[] =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
