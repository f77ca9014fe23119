/** @param {string} text */
const spec = (text) => ({ 'sessctl.yaml': text })

/** @param {number} count @param {(index: number) => string} line */
const lines = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('')

/** @type {Record<string, (count: number) => Record<string, string>>} Specs with so many of one thing. */
export const yamlShapes = {
  'yaml: unknown keys': (n) => spec(lines(n, (i) => `k${i}: v\n`)),
  'yaml: the same key': (n) => spec('a: 1\n'.repeat(n)),
  'yaml: a flow list': (n) => spec(`a: [${'b,'.repeat(n)}]`),
  'yaml: a list': (n) => spec(`a:\n${'  - b\n'.repeat(n)}`),
  'yaml: comments': (n) => spec(`${'# c\n'.repeat(n)}a: 1\n`),
  'yaml: tags': (n) => spec(`a:\n${'  - !x y\n'.repeat(n)}`),
  'yaml: anchors': (n) => spec(`a:\n${lines(n, (i) => `  - &a${i} b\n`)}`),
  'yaml: aliases': (n) => spec(`a: &x b\nc:\n${'  - *x\n'.repeat(n)}`),
  'yaml: commas': (n) => spec(`a: [${','.repeat(n)}`),
  'yaml: lines without keys': (n) => spec(`a: 1\n${'b\n'.repeat(n)}`),
  'yaml: keys in open brackets': (n) => spec(`${'a'.repeat(n)}: [\n${'b: c\n'.repeat(n)}`),
  'yaml: passwords that are aliases': (n) => spec(`a: [\n${'password: *x\n'.repeat(n)}`),
  'yaml: words of text': (n) => spec(`a: |\n${'  b\n'.repeat(n)}`),
  'yaml: one long text': (n) => spec(`a: "${'x '.repeat(n)}"\n`),
  'yaml: wrong numbers': (n) =>
    spec(
      `version: 1\nupstreams: { a: { servers: {\n${lines(n, (i) => `s${i}: { address: "10.0.0.1:80", weight: 1e99 },\n`)}} } }\n`,
    ),
}
