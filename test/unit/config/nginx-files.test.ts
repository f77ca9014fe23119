import { describe, expect, test } from 'vitest'
import {
  nginxIncludePatterns,
  nginxStatements,
  readNginxFiles,
} from '../../../src/core/config/nginx/files.ts'
import { readNginx } from '../../../src/core/config/nginx/tree.ts'

const read = (files: Readonly<Record<string, string>>, main = '/etc/nginx/nginx.conf') =>
  readNginxFiles(
    main,
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  )

const statements = (files: Readonly<Record<string, string>>, main?: string): readonly string[] =>
  nginxStatements(read(files, main)).map(({ directive: { name, args }, path, within }) =>
    [
      path.replace(/.*\//, ''),
      ...within.map((block) => block.name),
      [name, ...args].join(' '),
    ].join(' > '),
  )

const problems = (files: Readonly<Record<string, string>>): readonly string[] =>
  read(files).problems.map(({ path, at, message }) => `${path}:${at}: ${message}`)

const main = '/etc/nginx/nginx.conf'

describe('includes', () => {
  test('are read in their place, in the order of their names', () => {
    const files = {
      [main]: 'http { a; include conf.d/*.conf; b; }',
      '/etc/nginx/conf.d/z.conf': 'z;',
      '/etc/nginx/conf.d/B.conf': 'server { include params; }',
      '/etc/nginx/conf.d/.hidden.conf': 'hidden;',
      '/etc/nginx/params': 'p;',
      '/etc/nginx/conf.d/params': 'wrong;',
      '/etc/nginx/unused.conf': 'unused;',
    }
    expect(statements(files)).toEqual([
      'nginx.conf > http',
      'nginx.conf > http > a',
      'B.conf > http > server',
      'params > http > server > p',
      'z.conf > http > z',
      'nginx.conf > http > b',
    ])
    expect([...read(files).files.keys()]).toEqual([
      main,
      '/etc/nginx/conf.d/B.conf',
      '/etc/nginx/params',
      '/etc/nginx/conf.d/z.conf',
    ])
  })

  test('are read as often as they are included', () => {
    const files = { [main]: 'a { include p; } b { include p; }', '/etc/nginx/p': 'c;' }
    expect(statements(files).filter((each) => each.startsWith('p'))).toEqual([
      'p > a > c',
      'p > b > c',
    ])
  })

  test('may be relative, where the main file is', () => {
    expect(statements({ 'a/n.conf': 'include ../b;', b: 'c;' }, './a/n.conf')).toEqual(['b > c'])
  })

  test('of a file that is not there are a problem, of a pattern without files are none', () => {
    expect(problems({ [main]: 'include none.d/*.conf; include gone;' })).toEqual([
      `${main}:23: the file "/etc/nginx/gone" was not read`,
    ])
  })

  test('of a template are left out where their path is a placeholder', () => {
    expect(problems({ [main]: 'include {{ folder }}/a.conf;' })).toEqual([])
    expect(
      read({ [main]: 'include {{ folder }}/a.conf;' }).includes.get(main)?.[0]?.pattern,
    ).toBeNull()
  })

  test('name what is to be read next', () => {
    const document = readNginx(
      Buffer.from('include a; http { include /b/*; include ../c; include a; }'),
    )
    expect(nginxIncludePatterns(main, document)).toEqual(['/etc/nginx/a', '/b/*', '/etc/c'])
  })
})

describe('includes without an end', () => {
  test.each([
    ['of the file itself', { [main]: 'a; include nginx.conf;' }, 3],
    ['over another file', { [main]: 'include b;', '/etc/nginx/b': 'a; include nginx.conf;' }, 3],
    ['by a pattern', { [main]: 'a; include *.conf;' }, 3],
  ])('%s are a problem', (_, files, at) => {
    expect(problems(files)).toEqual([
      expect.stringMatching(`:${at}: "${main}" includes this file, and is included here`),
    ])
    expect(statements(files).filter((each) => each.endsWith(' > a'))).toHaveLength(1)
  })

  test('that double are cut off', () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        index === 0 ? main : `/etc/nginx/${index}`,
        `include ${index + 1}; include ${index + 1}; a;`,
      ]),
    )
    expect(
      problems(files).filter((each) => /more than 10000 files/.test(each)).length,
    ).toBeGreaterThan(0)
    expect(statements(files).length).toBeLessThan(10_001)
  })

  test('in a long chain are cut off', () => {
    const files = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        index === 0 ? main : `/etc/nginx/${index}`,
        `include ${index + 1};`,
      ]),
    )
    expect(problems(files)).toEqual(['/etc/nginx/99:0: more than 100 includes in each other'])
  })
})
