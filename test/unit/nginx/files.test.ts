import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { ownCodes } from './render-upstream.ts'

const compiled = (target: object, name = 'shop') => {
  const spec = {
    version: 1,
    name,
    targets: { nginx: target },
    upstreams: { app: { affinity: { method: 'ip_hash' }, servers: { a: '10.0.0.1:80' } } },
  }
  const { artifacts, diagnostics } = compileText(JSON.stringify(spec))
  return {
    files: new Map(artifacts.map(({ path, text }) => [path, text])),
    codes: ownCodes(diagnostics),
  }
}

const every = ['vts', 'jvm_route', 'session_sticky', 'sticky-ng']

describe('files', () => {
  test('are one file for the http block by default', () => {
    const { files, codes } = compiled({ version: '1.26.3', modules: every })
    expect([...files.keys()]).toEqual(['nginx/shop.conf'])
    expect(files.get('nginx/shop.conf')).not.toContain('load_module')
    expect(codes).toEqual([])
  })

  test('have an nginx.conf that includes it if standalone is set', () => {
    const { files, codes } = compiled({ version: '1.26.3', standalone: true })
    expect([...files.keys()]).toEqual(['nginx/shop.conf', 'nginx/nginx.conf'])
    expect(files.get('nginx/nginx.conf')).toMatch(/^ {4}include shop\.conf;$/m)
    expect(files.get('nginx/nginx.conf')).not.toContain('load_module')
    expect(codes).toEqual([])
  })

  const lines = [
    'load_module modules/ngx_http_vhost_traffic_status_module.so;',
    'load_module modules/ngx_http_upstream_jvm_route_module.so;',
    'load_module modules/ngx_http_upstream_session_sticky_module.so;',
    'load_module modules/ngx_http_sticky_module.so;',
  ]
  const loaded = (text: string | undefined) =>
    text?.split('\n').filter((line) => line.startsWith('load_module'))

  test('load modules at the top of nginx.conf', () => {
    const target = { version: '1.26.3', standalone: true, modules: every, loadModules: true }
    const text = compiled(target).files.get('nginx/nginx.conf')
    expect(loaded(text)).toEqual(lines)
    expect(text?.indexOf('load_module')).toBeLessThan(text?.indexOf('events {') ?? 0)
  })

  test('load modules in modules.conf without standalone', () => {
    const { files, codes } = compiled({ version: '1.26.3', modules: every, loadModules: true })
    expect([...files.keys()]).toEqual(['nginx/shop.conf', 'nginx/modules.conf'])
    expect(loaded(files.get('nginx/modules.conf'))).toEqual(lines)
    expect(codes).toEqual(['nginx-modules-file'])
  })

  test.each([
    [{ version: '1.26.3', standalone: true }, 'nginx', ['nginx-file-name']],
    [{ version: '1.26.3' }, 'nginx', []],
    [{ version: '1.26.3' }, 'modules', []],
    // Infos are reported only if there are no errors.
    [{ version: '1.26.3', modules: ['vts'], loadModules: true }, 'modules', ['nginx-file-name']],
    [{ version: '1.26.3', modules: ['vts'], loadModules: true }, 'shop', ['nginx-modules-file']],
    [
      { version: '1.9.10', modules: ['vts'], loadModules: true, standalone: true },
      'shop',
      ['nginx-load-module'],
    ],
    [
      { version: '1.26.3', modules: ['upstream_check'], loadModules: true },
      'shop',
      ['nginx-load-module'],
    ],
  ])('%j of %s: %j', (target, name, expected) => {
    expect(compiled(target, name).codes).toEqual(expected)
  })
})
