import { describe, expect, test } from 'vitest'
import type { HttpdSetup } from '../../../src/core/config/httpd/evaluate.ts'
import { readHttpdFiles } from '../../../src/core/config/httpd/files.ts'
import type { HttpdFiles, HttpdStatement } from '../../../src/core/config/httpd/statements.ts'
import { positionsIn } from '../../../src/core/config/text.ts'

const read = (files: Readonly<Record<string, string>>, setup?: HttpdSetup): HttpdFiles =>
  readHttpdFiles(
    'httpd.conf',
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    setup,
  )

const wordsOf = (statements: readonly HttpdStatement[]): readonly string[] =>
  statements.flatMap(({ args, children, name }) => [
    [name, ...args].join('|'),
    ...(children === null ? [] : [...wordsOf(children), `/${name}`]),
  ])

const problemsOf = ({ files, problems }: HttpdFiles): readonly string[] =>
  problems.map(({ at, message, path }) => {
    const { line } = positionsIn(files.get(path)?.text ?? '')(at)
    return `${path}:${line}: ${message}`
  })

describe('includes', () => {
  test('are read in the order of httpd, below the server root', () => {
    const config = read({
      'httpd.conf': 'Include a/*.conf\nServerRoot sub\nInclude b\nIncludeOptional c.conf d/*\n',
      'a/2.conf': 'Two\n',
      'a/10.conf': 'Ten\n',
      'a/.conf': 'Hidden\n',
      'sub/b/z': 'Z\n',
      'sub/b/a/x': 'X\n',
      'sub/b/.y': 'Y\n',
    })
    expect(wordsOf(config.statements)).toEqual(['ten', 'two', 'serverroot|sub', 'y', 'x', 'z'])
    expect(config.patterns).toEqual(['a/*.conf', 'sub/b', 'sub/c.conf'])
    expect(config.problems).toEqual([])
    expect(config.statements.map(({ path }) => path)).toEqual([
      ...['a/10.conf', 'a/2.conf', 'httpd.conf', 'sub/b/.y', 'sub/b/a/x', 'sub/b/z'],
    ])
  })

  test('that find no file are a problem, unless they are optional', () => {
    const config = read({ 'httpd.conf': 'Include a\nInclude b/*\nIncludeOptional c\n' })
    expect(problemsOf(config)).toEqual([
      'httpd.conf:1: the file "a" was not read',
      'httpd.conf:2: no file matches "b/*"',
    ])
  })

  test.each([
    ['a file that includes itself', { 'httpd.conf': 'A\nInclude httpd.conf\n' }, 'httpd.conf:2'],
    [
      'a circle of files',
      {
        'httpd.conf': 'Include a\n',
        a: '<Location />\nInclude b\n</Location>\n',
        b: 'Include *\n',
      },
      'b:1',
    ],
  ])('%s is a problem', (_, files, place) => {
    const problems = problemsOf(read(files))
    expect(
      problems.every((problem) => problem.includes('includes this file, and is included here')),
    ).toBe(true)
    expect(problems[0]).toContain(place)
  })

  test('that double are cut off', () => {
    const levels = Array.from({ length: 60 }, (_, index): [string, string] => [
      index === 0 ? 'httpd.conf' : `f${index}`,
      `Include f${index + 1}\nInclude f${index + 1}\n`,
    ])
    const config = read({ ...Object.fromEntries(levels), f60: 'A\n' })
    expect(config.problems.at(-1)?.message).toBe('the configuration is too large')
  })

  test('in a long chain are cut off', () => {
    const chain = Array.from({ length: 400 }, (_, index): [string, string] => [
      index === 0 ? 'httpd.conf' : `f${index}`,
      `Include f${index + 1}\n`,
    ])
    expect(problemsOf(read({ ...Object.fromEntries(chain), f400: 'A\n' }))).toEqual([
      'f200:1: more than 200 levels',
    ])
  })
})

describe('variables', () => {
  test('are replaced before a line is split, in any case, from Define and the environment', () => {
    const config = read(
      {
        'httpd.conf':
          'Define Name "a b"\nA $\u007bNAME} "$\u007bname}" $\u007bHOME} $\u007bhome} $\u007bnone} $\u007b\n' +
          'UnDefine NAME\nA $\u007bname}\n<Proxy "balancer://$\u007bHOME}"> x\n</Proxy>\n',
      },
      { environment: new Map([['HOME', '/h']]) },
    )
    expect(wordsOf(config.statements)).toEqual([
      'define|Name|a b',
      'a|a|b|a b|/h|$\u007bhome}|$\u007bnone}|$\u007b',
      'undefine|NAME',
      'a|$\u007bname}',
      'proxy|balancer:///h',
      '/proxy',
    ])
  })

  test('that grow without an end are cut off', () => {
    const config = read({
      'httpd.conf': `Define a 0123456789\n${'Define a $\u007ba}$\u007ba}\n'.repeat(100)}`,
    })
    expect(config.problems.at(-1)?.message).toBe(
      'the line is too long after its variables are replaced',
    )
  })
})

test('conditions are decided by what was defined and loaded before', () => {
  const config = read(
    {
      'httpd.conf': [
        '<IfDefine cli>\nA cli\n</IfDefine>',
        '<IfDefine later>\nA no\n</IfDefine>\nDefine later',
        '<IfDefine later>\nA later\n</IfDefine>',
        '<IfModule proxy_module>\nA no\n</IfModule>\nLoadModule proxy_module x.so',
        '<IfModule mod_proxy.c>\nA proxy\n</IfModule>',
        '<IfModule !mod_ssl.c>\nA plain\n</IfModule>',
        '<IfVersion < 2.4>\nA no\n</IfVersion>',
        '<IfVersion >= 2.4.6>\nA new\n</IfVersion>',
        '<IfFile /etc/x>\nA file\n</IfFile>',
        '',
      ].join('\n'),
    },
    { defines: ['cli'], version: '2.4.62' },
  )
  expect(wordsOf(config.statements).filter((words) => words.startsWith('a|'))).toEqual([
    ...['a|cli', 'a|later', 'a|proxy', 'a|plain', 'a|new', 'a|file'],
  ])
})

test('every module counts as loaded if none is loaded: the file is a part of a configuration', () => {
  const config = read({
    'httpd.conf':
      '<IfModule mod_proxy.c>\nA\n</IfModule>\n<IfModule !mod_proxy.c>\nB\n</IfModule>\n',
  })
  expect(wordsOf(config.statements)).toEqual(['a'])
})

describe('macros', () => {
  test('are replaced by their lines, with the values of their parameters', () => {
    const config = read({
      'httpd.conf':
        '<Macro Member $n $name %port @q>\n<Proxy $name:%port>\nA $n @q\n</Proxy>\n</Macro>\nUse MEMBER 1 "a b" 2 "c d"\n',
    })
    expect(wordsOf(config.statements)).toEqual(['proxy|a|b:2', 'a|1|c d', '/proxy'])
  })

  test('that use themselves, or are unknown, are a problem', () => {
    const config = read({
      'httpd.conf': '<Macro a>\nUse b\n</Macro>\n<Macro b>\nUse a\n</Macro>\nUse a\nUse c\n',
    })
    expect(problemsOf(config)).toEqual([
      'httpd.conf:5: the macro "a" uses itself',
      'httpd.conf:8: there is no macro "c"',
    ])
  })
})
