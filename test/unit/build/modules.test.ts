import { describe, expect, test } from 'vitest'
import { parseVariable } from '../../../src/build-nginx/core/environment.ts'
import { moduleNeeds } from '../../../src/build-nginx/core/plan/modules.ts'
import { countryDatabase } from '../../../src/build-nginx/core/smoke/country-database.ts'
import { locationsOf, proofsOf, wrongIn } from '../../../src/build-nginx/core/smoke/proofs.ts'
import {
  leadsAbove,
  sourcedFiles,
  submodulesIn,
  usesModuleScript,
} from '../../../src/build-nginx/core/sources/config-script.ts'
import { knownModule, knownModules } from '../../../src/build-nginx/core/sources/known/index.ts'
import { type ModuleSource, parseModule } from '../../../src/build-nginx/core/sources/modules.ts'
import { inOrder } from '../../../src/build-nginx/core/sources/order.ts'
import { isMisread, parseSource } from '../../../src/build-nginx/core/sources/parse.ts'

const read = (text: string): ModuleSource => {
  const module = parseModule(text)
  if (isMisread(module)) throw new Error(module.misread)
  return module
}
const namesOf = (texts: readonly string[]) => inOrder(texts.map(read)).map(({ name }) => name)

describe('the table of modules', () => {
  const rows = Object.entries(knownModules)
  test.each(rows)('%s names a source, and rows that exist', (_, row) => {
    expect(isMisread(parseSource(`${row.url}@${row.ref ?? 'v1'}`, ''))).toBe(false)
    for (const name of [...row.after, ...row.behind]) expect(knownModule(name)).not.toBeNull()
    for (const name of Object.keys(row.environment))
      expect(isMisread(parseVariable(`${name}=/x`))).toBe(false)
  })
  test('a request that a module answers differs from what nginx without it would answer', () => {
    const plain = { status: 200, headers: {}, body: 'sessctl: a text' }
    for (const [name, { proof }] of rows) {
      if (proof === null || proof.questions.length === 0) continue
      const wrong = proof.questions.map((question) => wrongIn(question, plain))
      expect(
        wrong.some((one) => one !== null),
        name,
      ).toBe(true)
    }
  })
  test('a name is read with either line between its words', () => {
    expect(read('upstream-check').name).toBe('upstream_check')
    expect(read('set_misc').name).toBe('set-misc')
    expect(read('upstream-check=./x')).toMatchObject({ name: 'upstream_check' })
  })
})

describe('the order of modules', () => {
  test.each([
    [['lua'], ['ndk', 'lua']],
    [
      ['set-misc', 'lua', 'ndk'],
      ['ndk', 'set-misc', 'lua'],
    ],
    [
      ['modsecurity', 'lua'],
      ['ndk', 'lua', 'modsecurity'],
    ],
    [
      ['njs', 'zstd', 'echo'],
      ['zstd', 'njs', 'echo'],
    ],
    [
      ['jvm_route', 'vts'],
      ['jvm_route', 'vts'],
    ],
    [
      ['lua=./my-lua', 'ndk=./my-ndk'],
      ['ndk', 'lua'],
    ],
  ])('%j', (written, ordered) => {
    expect(namesOf(written)).toEqual(ordered)
  })
  test('a module that is added says for which one', () => {
    const [ndk] = inOrder([read('lua')])
    expect(ndk).toMatchObject({ name: 'ndk', neededBy: 'lua' })
  })
})

describe('the folder of a module within its source', () => {
  test.each([
    ['njs', 'nginx', 'https://github.com/nginx/njs.git'],
    ['njs=./njs', 'nginx', './njs'],
    ['njs=./njs/nginx', 'nginx', './njs'],
    ['njs=/src/njs/nginx/', 'nginx', '/src/njs'],
    ['njs=./njs//other', 'other', './njs'],
    ['./x//modules/y', 'modules/y', './x'],
    ['x=https://x.org/a.git@v1//sub/b', 'sub/b', 'https://x.org/a.git'],
    ['x=https://x.org/a.git@v1,sub/b', 'sub/b', 'https://x.org/a.git'],
    ['./x', '', './x'],
  ])('%s', (text, folder, where) => {
    const { source, folder: found } = read(text)
    expect(found).toBe(folder)
    expect(source.kind === 'local' ? source.path : source.kind === 'git' ? source.url : '').toBe(
      where,
    )
  })
  test.each(['./x//../y', './x//a/../b', './x//a b', './x//.', './x//a//../b'])(
    'is refused: %s',
    (text) => {
      expect(isMisread(parseModule(text))).toBe(true)
    },
  )
})

describe('a variable for configure', () => {
  test.each([
    ['LUAJIT_LIB=/usr/lib', ['LUAJIT_LIB', '/usr/lib']],
    ['NJS_LIBXSLT=NO', ['NJS_LIBXSLT', 'NO']],
    ['EMPTY=', ['EMPTY', '']],
    ['LUA_PATH=/x/?.lua;;', ['LUA_PATH', '/x/?.lua;;']],
  ])('%s', (text, pair) => {
    expect(parseVariable(text)).toEqual(pair)
  })
  test.each([
    'LUAJIT_LIB',
    '=x',
    '1A=x',
    'A-B=x',
    'LUAJIT_LIB=/usr/lib; id',
    'LUAJIT_LIB=$(id)',
    'LUAJIT_LIB=`id`',
    'LUAJIT_LIB=/a|b',
    "LUAJIT_LIB='",
    'LUAJIT_LIB=a\nb',
    'LUAJIT_LIB=/x/?.lua',
    'LUAJIT_LIB=*',
    'PATH=/x',
    'LD_PRELOAD=/x.so',
    'LD_LIBRARY_PATH=/x',
    'BASH_ENV=/x',
    'ENV=/x',
    'IFS=x',
    'CFLAGS=-O3',
    'CC=tcc',
    'MAKEFLAGS=-k',
    'MAKEFILES=/x',
    'GIT_DIR=/x',
    'PERL5LIB=/x',
    'SOURCE_DATE_EPOCH=1',
  ])('is refused: %j', (text) => {
    expect(isMisread(parseVariable(text))).toBe(true)
  })
})

describe('the file config of a module', () => {
  test('the files that it reads are found', () => {
    const text =
      '. $ngx_addon_dir/filter/config\n  . "$ngx_addon_dir/static/config"\nif [ a ]; then . $ngx_addon_dir/c; fi\n# . $x/d\n. auto/module\n'
    expect(sourcedFiles(text)).toEqual(['filter/config', 'static/config', 'c'])
    expect(usesModuleScript(text)).toBe(true)
    expect(usesModuleScript('HTTP_MODULES="$HTTP_MODULES x"')).toBe(false)
  })
  test.each([
    ['NJS_DEPS="$ngx_addon_dir/../src/njs.h"', true],
    ['cd $ngx_addon_dir/.. \\\\', true],
    ['x="$ngx_addon_dir/src/../y"', false],
    ['x="$ngx_addon_dir/..x"', false],
  ])('%s', (text, expected) => {
    expect(leadsAbove(text)).toBe(expected)
  })
  test('submodules are named', () => {
    const text = '[submodule "deps/brotli"]\n\tpath = deps/brotli\n\turl = https://x.org/b.git\n'
    expect(submodulesIn(text)).toEqual(['deps/brotli'])
  })
})

test('a failure names the packages and variables of the module that it is about', () => {
  const modules = [{ name: 'lua' }, { name: 'geoip2' }, { name: 'other' }]
  const needs = moduleNeeds(modules, 'ngx_http_lua_module requires the LuaJIT library.').join('\n')
  expect(needs).toContain('libluajit-5.1-dev')
  expect(needs).toContain('--env LUAJIT_LIB')
  expect(needs).not.toContain('maxminddb')
})

describe('the proof that a module works', () => {
  const ports = { listen: 1, status: 2, one: 3, two: 4 }
  test('is left out for another module of the same name, and without what it needs of nginx', () => {
    expect(proofsOf(['echo'], new Set(['my_echo_module']))).toEqual([])
    expect(proofsOf(['set-misc'], new Set(['ngx_http_set_misc_module']))).toEqual([])
    expect(proofsOf(['jvm_route'], new Set())).toEqual([])
  })
  test('a path of the folder cannot end its quotes', () => {
    const proofs = proofsOf(['headers-more'], new Set(['ngx_http_headers_more_filter_module']))
    const [location = ''] = locationsOf(proofs, '/tmp/a"b\\c', ports)
    expect(location).toContain(String.raw`alias "/tmp/a\"b\\c/sessctl.txt";`)
  })
  test('a database has the country of every address', () => {
    const text = Buffer.from(countryDatabase('DE')).toString('latin1')
    expect(text).toContain('\xab\xcd\xefMaxMind.com')
    expect(text).toContain('\x48iso_code\x42DE')
  })
})
