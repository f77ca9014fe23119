import { fc } from '../support/fast-check.ts'

/** What one language or another takes for its own, within what a spec's text may hold. */
const special = [
  ...['"', "'", '\\', '\\\\', '`', '#', ';', '{', '}', '(', ')', '[', ']', '<', '>', '&', '|', '!'],
  ...['$', '$\u007b', '$\u007ba}', '$a', '$1', '$host', '%', '%%', '%[src]', '%{a}e', '%s', '%0a'],
  ...[']]>', '<!--', '-->', '<?', '&amp;', '&#10;', '&x;', '--', '//', '/*', '\\n', '\\t', '\\r'],
  ...[
    '\\"',
    "\\'",
    '\\$',
    '\\x41',
    ' ',
    '  ',
    '/',
    '..',
    '=',
    '~',
    '*',
    '^',
    '+',
    '?',
    ',',
    ':',
    '@',
  ],
]

const letters = ['a', 'b', 'n', 'r', 't', 'Z', '0', '9', '-', '_', '.', 'default', 'include', 'if']

const unusual = [
  ...['é', 'ß', '€', '😀', 'e\u0301', '\u2028', '\u2029', '\ufeff', '\u00a0', '\u3000', '\ufffd'],
  ...['\ufffe', '\uffff', '\u200b', '\u202e', '\u{1ffff}', '\u{10ffff}'],
]

/** No text of a spec may hold these: half surrogates, line ends and other control characters. */
const forbidden = [
  ...['\n', '\r', '\r\n', '\0', '\t', '\u000b', '\u000c', '\u0001', '\u001b', '\u007f', '\u0085'],
  ...['\ud800', '\udc00', '\ud83d'],
]

const joined = (pieces: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(pieces, { minLength: 1, maxLength }).map((list) => list.join(''))

const common = joined(
  fc.oneof(
    { arbitrary: fc.constantFrom(...special), weight: 6 },
    { arbitrary: fc.constantFrom(...letters), weight: 4 },
    { arbitrary: fc.constantFrom(...unusual), weight: 1 },
  ),
  8,
)

/** About as long as nginx's buffer of 4,096 bytes, also in escapes and in characters of many bytes. */
const long = fc
  .tuple(
    fc.constantFrom('a', '\\', '"', "'", 'é', '€', '😀', 'a b', '%'),
    fc.integer({ min: 4080, max: 4100 }),
    fc.constantFrom('', ' ', '"', '\\', ';', '$', "'"),
  )
  .map(([unit, bytes, end]) => unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit))) + end)

/** What names, cookies and domains may be made of. */
const names = joined(fc.constantFrom('a', 'B', 'z', '0', '9', '-', '_', '.', 'xn--'), 6)

/** Any string: mostly such as a spec may hold, made of what is special somewhere. */
export const anyText = fc.oneof(
  { arbitrary: common, weight: 12 },
  { arbitrary: joined(fc.constantFrom(...special), 3), weight: 6 },
  { arbitrary: joined(fc.constantFrom(...special, ...letters, ...forbidden), 5), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), weight: 2 },
  { arbitrary: names, weight: 2 },
  { arbitrary: long, weight: 1 },
)
