import { describe, expect, test } from 'vitest'
import { firstError } from '../../../src/build-nginx/core/compile-error.ts'
import { configureError } from '../../../src/build-nginx/core/configure-error.ts'
import { block, configureFailures, stopped } from './failing-builds/configure.ts'
import { compileError, makeFailures } from './failing-builds/make.ts'
import { failuresPage } from './failing-builds/page.ts'

describe('configure that fails', () => {
  test.each(configureFailures)('%s', (_, failure, message, help) => {
    const found = stopped(failure)
    expect(found.message).toMatch(message)
    expect(found.message).not.toMatch(/d_namlen|storage size/)
    expect(found.help).toMatch(help)
  })

  test('after a successful check: its own sentence alone', () => {
    const found = configureError(
      ['checking for C compiler ... found', './configure: error: odd'],
      block('crypt_r()', 'objs/autotest.c:5:1: error: x'),
    )
    expect(found).toEqual({ message: 'odd', help: null })
  })
  test('without any sentence: the last line', () => {
    expect(configureError(['config: 3: Syntax error: "fi" unexpected', ''], '')).toMatchObject({
      message: 'config: 3: Syntax error: "fi" unexpected',
      help: expect.stringContaining('CRLF'),
    })
  })
})

describe('make that fails', () => {
  test.each(makeFailures)('%s', (line, file, help) => {
    const found = compileError(line)
    expect(found?.file).toBe(file)
    expect(found?.help).toMatch(help)
  })
  test('a submodule that is missing', () => {
    const line =
      "make[1]: *** No rule to make target '../modules/b/deps/x.c', needed by 'x.o'.  Stop."
    expect(firstError([line])).toMatchObject({
      message: '../modules/b/deps/x.c does not exist',
      help: expect.stringContaining('submodules'),
    })
  })
  test('make alone names none', () => {
    expect(firstError(['make: *** [x] Error 1'])).toBeNull()
  })
})

test('docs/build-failures.md is up to date (npm run docs)', async () => {
  await expect(failuresPage()).toMatchFileSnapshot('../../../docs/build-failures.md')
})
