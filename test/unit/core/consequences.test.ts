import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const codesOf = (app: object): readonly string[] => {
  const shop = {
    affinity: { method: 'jvm_route' },
    servers: { a: '10.0.0.1:8080', b: '10.0.0.2:8080' },
    app: { runtime: 'tomcat', version: '9.0.122', ...app },
  }
  const spec = {
    version: 1,
    name: 'shop',
    targets: { nginx: { version: '1.30.0' } },
    frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'shop' }] } },
    upstreams: { shop },
  }
  return compileText(JSON.stringify(spec)).diagnostics.map(({ code }) => code)
}

const folder = (directory: string): object => ({
  sessions: { store: 'file', directory, sharedBetweenServers: true },
})

describe('a rule does not report the consequences of a value that a dialect refuses', () => {
  test.each([
    ['a cookie path', { cookie: { path: '/käse' } }, 'tomcat-cookie-path'],
    ['a folder with a placeholder', folder('/srv/$\u007bx}'), 'tomcat-placeholder'],
    ['a folder that XML does not allow', folder('/srv/\uffff'), 'tomcat-store-text'],
  ])('%s', (_, app, code) => {
    expect(codesOf(app)).toEqual([code])
  })

  test.each([
    ['a cookie path', { cookie: { path: '/shop' } }, 'cookie-partly-lost'],
    ['a folder', folder('/srv/sessions'), 'file-store-network'],
  ])('%s that is accepted has them', (_, app, code) => {
    expect(codesOf(app)).toContain(code)
  })
})
