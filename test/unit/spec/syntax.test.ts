import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { fc } from '../../support/fast-check.ts'

/** Each mistake below is one change of this spec: its remedy is to take the change back. */
const good = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends:
  web:
    listen: [80, "*:8080"]
    locations: [{ match: /, upstream: shop }]
upstreams:
  shop:
    affinity: { method: sticky, by: cookie }
    servers:
      a: 10.0.0.1:8080
      b: 10.0.0.2:8080
    app:
      runtime: php
      version: '8.2'
      sessions: { store: redis, use: main }
stores:
  main:
    kind: redis
    addresses:
      - 10.0.0.3:6379
    password: { env: REDIS_PASSWORD }
`

const found = (text: string) => compileText(text).diagnostics

/** Words that the YAML reader has for what it meets. */
const jargon =
  /implicit|mapping|sequence|token|scalar|collection|compact|indicator|\bnode|\bstream|stringKeys|block map|flow|excessive|resolve/i

const mistakes: readonly (readonly [
  what: string,
  from: string,
  to: string,
  place: string,
  message: string,
])[] = [
  ['a tab', '  web:', '\tweb:', '5:1', 'this line is indented with a tab'],
  ['a tab behind spaces', '    listen', '  \tlisten', '6:3', 'this line is indented with a tab'],
  ['a tab before a list item', '      - 10', '\t- 10', '22:1', 'this line is indented with a tab'],
  [
    'one space too many',
    '    locations',
    '     locations',
    '7:6',
    'this line is indented by 5 spaces, but the key above already has a value',
  ],
  [
    'one space too few',
    '    locations',
    '   locations',
    '7:4',
    'this line is indented by 3 spaces, but no key above is',
  ],
  [
    'the first line indented',
    'version: 1',
    ' version: 1',
    '2:1',
    'this line is indented by 0 spaces, less than the first line of the spec',
  ],
  [
    'the second line indented',
    'name: shop',
    ' name: shop',
    '2:2',
    'this line is indented by 1 space, but the key above already has a value',
  ],
  [
    'a value and keys below it',
    '  shop:\n',
    '  shop: x\n',
    '10:5',
    'this line is indented by 4 spaces, but the key above already has a value',
  ],
  [
    'a server out of line',
    '      b: 10',
    '       b: 10',
    '13:8',
    'this line is indented by 7 spaces, but the key above already has a value',
  ],
  [
    'a list item out of line',
    '      - 10.0.0.3:6379',
    '      - 10.0.0.3:6379\n     - 10.0.0.4:6379',
    '23:8',
    'this item is indented by 5 spaces, the one above it by 6 spaces',
  ],
  [
    'no space behind a colon',
    'name: shop',
    'name:shop',
    '2:5',
    'missing space after the colon of "name"',
  ],
  [
    'the same in the first line',
    'version: 1',
    'version:1',
    '1:8',
    'missing space after the colon of "version"',
  ],
  [
    'the same before a brace',
    'affinity: {',
    'affinity:{',
    '10:13',
    'missing space after the colon of "affinity"',
  ],
  [
    'the same before a bracket',
    'listen: [',
    'listen:[',
    '6:11',
    'missing space after the colon of "listen"',
  ],
  [
    'the same before a quote',
    "version: '8.2'",
    "version:'8.2'",
    '16:14',
    'missing space after the colon of "version"',
  ],
  [
    'the same in braces',
    'method: sticky',
    'method:sticky',
    '10:17',
    'missing space after the colon of "method"',
  ],
  ['the same of a server', 'b: 10', 'b:10', '13:8', 'missing space after this colon'],
  [
    'the same of a secret',
    'password: {',
    'password:{',
    '23:5',
    'missing space after the colon of "password"',
  ],
  ['no colon', 'upstreams:', 'upstreams', '8:1', 'missing colon after "upstreams"'],
  ['no colon behind a name', '  shop:\n', '  shop\n', '9:3', 'this line has no key'],
  ['no colon before a value', 'name: shop', 'name shop', '2:1', 'missing colon after "name"'],
  ['an equals sign', 'name: shop', 'name = shop', '2:1', 'missing colon after "name"'],
  ['an open double quote', '"1.30.6"', '"1.30.6', '3:30', 'this " is not closed on its line'],
  ['an open single quote', "'8.2'", "'8.2", '16:16', "this ' is not closed on its line"],
  ['text behind a quote', '"1.30.6"', '"1.30".6', '3:36', 'text follows the closing quote'],
  ['text behind a single quote', "'8.2'", "'8.2' x", '16:22', 'text follows the closing quote'],
  ['an open brace', 'by: cookie }', 'by: cookie', '10:15', 'this "{" is not closed'],
  [
    'an open brace at the end',
    'REDIS_PASSWORD }',
    'REDIS_PASSWORD',
    '23:15',
    'this "{" is not closed',
  ],
  ['an open brace within braces', '"1.30.6" } }', '"1.30.6" }', '3:10', 'this "{" is not closed'],
  ['an open bracket', '"*:8080"]', '"*:8080"', '6:13', 'this "[" is not closed'],
  ['a bracket closed by a brace', '"*:8080"]', '"*:8080"}', '6:13', 'this "[" is closed by "}"'],
  ['a brace too many', 'by: cookie }', 'by: cookie }}', '10:45', 'this "}" has no opening bracket'],
  ['a bracket too many', '"*:8080"]', '"*:8080"]]', '6:27', 'this "]" has no opening bracket'],
  [
    'no comma behind a bracket',
    'match: /, upstream',
    'match: [a] upstream',
    '7:30',
    'missing comma before "upstream"',
  ],
  ['no comma', 'method: sticky, by', 'method: sticky by', '10:32', 'missing comma before "by"'],
  [
    'no comma between items',
    '[80, "*:8080"]',
    '["80" "*:8080"]',
    '6:19',
    'missing comma before this entry',
  ],
  ['two commas', 'sticky, by', 'sticky,, by', '10:32', 'there is no entry before this comma'],
  ['a comma first', '{ method', '{ , method', '10:17', 'there is no entry before this comma'],
  ['a key twice', 'stores:', 'name: x\nstores:', '18:1', 'duplicate key'],
  ['a server twice', '      b: 10', '      a: 10', '13:7', 'duplicate key'],
  ['two documents', 'stores:', '---\nstores:', '18:1', 'the spec contains several YAML documents'],
  [
    'the end of a document',
    'stores:',
    '...\nstores:',
    '18:1',
    'the spec contains several YAML documents',
  ],
  [
    'a directive',
    'version: 1',
    '%foo\nversion: 1',
    '1:1',
    'this line is a YAML directive, which is not supported in a spec',
  ],
  [
    'an alias without an anchor',
    '"*:8080"',
    '*:8080',
    '6:18',
    'a value that starts with "*" is an alias, but no anchor ("&") has this name',
  ],
  [
    'two anchors',
    'name: shop',
    'name: &a &b shop',
    '2:10',
    'a value cannot have two anchors ("&")',
  ],
  ['an at sign', 'name: shop', 'name: @shop', '2:7', 'a value cannot start with "@" or "`"'],
  ['a backtick', 'name: shop', 'name: `shop`', '2:7', 'a value cannot start with "@" or "`"'],
  ['a percent sign', 'name: shop', 'name: %shop', '2:7', 'a value cannot start with "%"'],
  [
    'a bar',
    'name: shop',
    'name: | shop',
    '2:7',
    '"|" starts a block of text, which must start on the next line',
  ],
  [
    'a greater-than sign',
    'name: shop',
    'name: > shop',
    '2:7',
    '">" starts a block of text, which must start on the next line',
  ],
  [
    'two colons',
    'name: shop',
    'name: the: shop',
    '2:10',
    'the value contains ": ", which YAML reads as a second key',
  ],
  [
    'a backslash in double quotes',
    'match: /',
    'match: "~ \\.jsp$"',
    '7:29',
    'invalid escape after "\\" in double quotes',
  ],
  [
    'a placeholder',
    'name: shop',
    'name: {{ name }}',
    '2:7',
    '"{{" is a placeholder of a template, not a value',
  ],
  ['a map as a key', 'use: main', '{a: b}: main', '17:33', 'a key must be text'],
  [
    'a remark as in JavaScript',
    'method: sticky,',
    'method: sticky, // x\n      ',
    '10:33',
    '"//" does not start a comment in YAML',
  ],
]

describe('one syntax error in a spec gives one diagnostic of sessctl', () => {
  test('the spec without a mistake has no error', () => {
    expect(found(good).filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test.each(mistakes)('%s', (_, from, to, place, message) => {
    expect(good).toContain(from)
    const all = found(good.replace(from, () => to))
    expect(
      all.map(({ location, ...rest }) => [`${location.line}:${location.column}`, rest.message]),
    ).toEqual([[place, message]])
    expect(all[0]?.help).not.toBeNull()
    expect(`${all[0]?.message} ${all[0]?.help}`).not.toMatch(jargon)
  })

  test('of a text with any two characters changed', () => {
    const change = fc.tuple(
      fc.nat(good.length),
      fc.nat(2),
      fc.constantFrom(
        '',
        ' ',
        '\t',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        ',',
        ':',
        ': ',
        '\n',
        '- ',
        '#',
        '&',
        '*',
        '!',
        '|',
        '%',
        '@',
        'x',
        '?',
        '\\',
        '\n  ',
      ),
    )
    fc.assert(
      fc.property(change, change, (one, other) => {
        const text = [one, other].reduce(
          (before, [at, count, put]) => before.slice(0, at) + put + before.slice(at + count),
          good,
        )
        const all = found(text)
        const syntax = all.filter(({ code }) => code === 'spec-syntax')
        const isWrong =
          syntax.length > 0 && !syntax.some(({ message }) => /second time|after/.test(message))
        if (isWrong) expect(all).toHaveLength(1)
        for (const { message, help } of syntax) {
          expect(help).not.toBeNull()
          expect(`${message} ${help}`).not.toMatch(jargon)
        }
      }),
      { numRuns: 1500 },
    )
  })
})
