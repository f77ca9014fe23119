import { expect, test } from 'vitest'
import { type SmokeSubject, smokeConfig } from '../../../src/build-nginx/core/smoke/config.ts'
import { type Directive, readNginx } from '../../readers/nginx.ts'

const ports = { listen: 1001, status: 1002, one: 1003, two: 1004 }

const all = ['core', 'proxy', 'rewrite', 'map'].map((name) => `ngx_http_${name}_module`)

/** Every directive, at any depth, by its name. */
const namesIn = (directives: readonly Directive[]): readonly string[] =>
  directives.flatMap(({ name, block }) => [name, ...namesIn(block ?? [])])

const directivesOf = (changes: Partial<SmokeSubject>): readonly string[] =>
  namesIn(readNginx(smokeConfig({ ...subject, ...changes }, ports)))

const subject: SmokeSubject = {
  release: '1.26.3',
  folder: '/tmp/smoke',
  modules: [],
  isPatched: true,
  hasJvmRoute: true,
  builtIn: all,
  proofs: [],
  isRoot: false,
}

test('the generated configuration is tried', () => {
  expect(directivesOf({})).toEqual(
    expect.arrayContaining(['jvm_route', 'jvm_route_status', 'map', 'proxy_pass']),
  )
})

// Of nginx: without the rewrite module there is no PCRE, hence no expression in a map.
test.each(['rewrite', 'map'])('an nginx without the %s module is tried as well', (name) => {
  const builtIn = all.filter((module) => module !== `ngx_http_${name}_module`)
  const names = directivesOf({ builtIn })
  expect(names).toEqual(expect.arrayContaining(['jvm_route', 'jvm_route_status', 'proxy_pass']))
  expect(names.filter((one) => ['map', 'return', 'rewrite', 'set', 'if'].includes(one))).toEqual([])
})

test('an nginx without jvm_route must answer, whatever modules it has', () => {
  const names = directivesOf({ hasJvmRoute: false, builtIn: ['ngx_http_core_module'] })
  expect(names).toContain('listen')
  expect(names).not.toContain('return')
})
