import { describe, expect, test } from 'vitest'
import { mergeFlags } from '../../../src/build-nginx/core/configure/flags.ts'
import { flagDifference, inheritFlags } from '../../../src/build-nginx/core/configure/like.ts'
import { printedArguments } from '../../../src/build-nginx/core/configure/printed.ts'

test('later flags override, options are merged, modules are added', () => {
  const merged = mergeFlags(
    ['--prefix=/a', '--with-cc-opt=-O2', '--add-module=x', '--with-debug'],
    ['--with-cc-opt=-g', '--add-module=y', '--prefix=/b', '--with-debug'],
  )
  expect(merged).toEqual([
    '--prefix=/b',
    '--with-cc-opt=-O2 -g',
    '--add-module=x',
    '--with-debug',
    '--add-module=y',
  ])
})

/** Of Debian's nginx 1.22.1, shortened. */
const debian =
  "--with-cc-opt='-g -O2 -ffile-prefix-map=/build/reproducible-path/nginx-1.22.1=. -fPIC' --prefix=/usr/share/nginx --with-compat --with-stream=dynamic --with-http_xslt_module=dynamic --add-dynamic-module=/build/nginx/debian/modules/http-geoip2 --with-openssl=/src/openssl --build=Debian"

describe('what nginx -V prints', () => {
  test.each([
    [
      "--with-cc-opt='-O2 -DGREETING='hi there'' --with-compat",
      ["--with-cc-opt=-O2 -DGREETING='hi there'", '--with-compat'],
    ],
    [' --prefix=/usr --build=Ubuntu', ['--prefix=/usr', '--build=Ubuntu']],
    ["--build=it's --with-debug", ["--build=it's", '--with-debug']],
    ['--build=\'a $HOME `id` "b"\'', ['--build=a $HOME `id` "b"']],
    ["--with-ld-opt='-Wl,--as-needed -Wl,-z' --x", ['--with-ld-opt=-Wl,--as-needed -Wl,-z', '--x']],
    ['', []],
    ["--with-cc-opt='-g -O2", null],
    ['-O2', null],
  ])('%j', (text, words) => {
    expect(printedArguments(text)).toEqual(words)
  })
})

describe('an nginx like another one', () => {
  test('keeps its arguments, except those for the host that built it', () => {
    const found = inheritFlags(debian, { isForModules: false, dropped: [], refused: new Map() })
    expect(found?.flags).toEqual([
      '--with-cc-opt=-g -O2 -fPIC',
      '--prefix=/usr/share/nginx',
      '--with-compat',
      '--with-stream=dynamic',
      '--with-http_xslt_module=dynamic',
    ])
    expect(found?.removed.map(({ flag }) => flag)).toEqual([
      '--add-dynamic-module=/build/nginx/debian/modules/http-geoip2',
      '--with-openssl=/src/openssl',
      '--build=Debian',
    ])
  })
  test('for modules, its shared objects are irrelevant', () => {
    expect(
      inheritFlags(debian, { isForModules: true, dropped: [], refused: new Map() })?.flags,
    ).toEqual(['--with-cc-opt=-g -O2 -fPIC', '--prefix=/usr/share/nginx', '--with-compat'])
  })
  test('the difference is shown', () => {
    expect(flagDifference(['a', 'b'], ['b', 'c'])).toEqual({ removed: ['a'], added: ['c'] })
  })
})
