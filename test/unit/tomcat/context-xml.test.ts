import { describe, expect, test } from 'vitest'
import { fileOf, specOf, write } from './support.ts'

const tls = '[80, { address: 443, tls: { certificate: /c.crt, key: /c.key } }]'

const contextXml = (app: string, listen = tls) => {
  const written = write(specOf({ app, listen }))
  return { ...written, text: () => fileOf(written, 'tomcat01/conf/context.xml') }
}

const resources = (text: string): readonly string[] =>
  [...text.matchAll(/<WatchedResource>([^<]+)</g)].map(([, path]) => path ?? '')

describe('context.xml by version', () => {
  const [own, tomcatOwn, shared] = [
    'WEB-INF/web.xml',
    'WEB-INF/tomcat-web.xml',
    '$' + '{catalina.base}/conf/web.xml',
  ]
  test.each([
    ['7.0.109', [own]],
    ['8.5.100', [own, shared]],
    ['9.0.122', [own, tomcatOwn, shared]],
    ['10.1.60', [own, tomcatOwn, shared]],
    ['11.0.24', [own, tomcatOwn, shared]],
  ])('%s has the WatchedResources of the release', (version, expected) => {
    expect(resources(contextXml(`version: "${version}"`).text())).toEqual(expected)
  })

  test.each([
    ['7.0.109', false],
    ['8.5.100', false],
    ['9.0.122', false],
    ['10.1.60', true],
    ['11.0.0', true],
  ])('%s keeps its sessions over a restart: %s', (version, isWritten) => {
    const { text, codes } = contextXml(`version: "${version}"`)
    expect(text().includes('<Manager pathname="SESSIONS.ser"/>')).toBe(isWritten)
    expect(codes).toEqual(isWritten ? ['tomcat-restart-sessions'] : [])
  })
})

describe('the session cookie', () => {
  test('has the attributes of the spec', () => {
    const cookie =
      '{ name: SHOPID, path: /shop&co, domain: shop.example.com, httpOnly: false, sameSite: lax }'
    const text = contextXml(`version: "9.0.122", cookie: ${cookie}`).text()
    expect(text).toContain(
      '<Context sessionCookieName="SHOPID" sessionCookiePath="/shop&amp;co" sessionCookieDomain="shop.example.com" useHttpOnly="false">',
    )
    expect(text).toContain('<CookieProcessor sameSiteCookies="lax"/>')
  })

  test('has no attributes if the spec sets none', () => {
    expect(contextXml('version: "9.0.122"').text()).toContain('<Context>')
  })

  test.each([
    ['7.0.109', 'lax', false],
    ['8.5.41', 'lax', false],
    ['8.5.42', 'strict', true],
    ['8.5.47', 'none', false],
    ['8.5.48', 'none', true],
    ['9.0.20', 'strict', false],
    ['9.0.21', 'strict', true],
    ['9.0.27', 'none', false],
    ['9.0.28', 'none', true],
    ['9.0', 'lax', false],
    ['10.1.0', 'none', true],
    ['11.0.0', 'none', true],
  ])('%s with SameSite=%s: %s', (version, sameSite, isWritten) => {
    const written = contextXml(`version: "${version}", cookie: { sameSite: ${sameSite} }`)
    expect(written.codes.includes('tomcat-same-site')).toBe(!isWritten)
    if (isWritten) expect(written.text()).toContain(`sameSiteCookies="${sameSite}"`)
  })

  test('SameSite=None without a TLS listener is a warning', () => {
    const app = 'version: "9.0.122", cookie: { sameSite: none }'
    expect(contextXml(app, '[80]').codes).toEqual(['tomcat-same-site-insecure'])
    expect(contextXml(app).codes).toEqual([])
  })

  test.each([
    ['7.0.109', '.example.com', '.example.com', []],
    ['9.0.122', '.example.com', 'example.com', ['tomcat-cookie-dot']],
    ['9.0.122', 'example.com', 'example.com', []],
  ])('on %s the domain %s is written as %s', (version, domain, expected, codes) => {
    const written = contextXml(`version: "${version}", cookie: { domain: ${domain} }`)
    expect(written.codes).toEqual(codes)
    expect(written.text()).toContain(`sessionCookieDomain="${expected}"`)
  })

  test.each(['a..b', 'a.-b', 'a-.b'])('the domain %s is refused', (domain) => {
    expect(contextXml(`version: "9.0.122", cookie: { domain: ${domain} }`).codes).toEqual([
      'tomcat-cookie-domain',
    ])
  })

  test.each(['/käse', '/🧀', '/\uffff'])('the path %s is refused', (path) => {
    const app = `version: "9.0.122", cookie: { path: ${JSON.stringify(path)} }`
    expect(contextXml(app).codes).toEqual(['tomcat-cookie-path'])
  })
})

describe('a context of its own', () => {
  test.each([
    ['/', 'ROOT'],
    ['/shop', 'shop'],
    ['/shop/admin', 'shop#admin'],
    ['/a.b-c_d', 'a.b-c_d'],
  ])('the context file of %s is %s', (context, name) => {
    const written = write(specOf({ app: `version: "10.1.60", context: ${context}` }))
    expect([...written.files.keys()].filter((path) => path.startsWith('tomcat01'))).toEqual([
      'tomcat01/conf/server.xml',
      `tomcat01/conf/Catalina/localhost/${name}.xml`,
    ])
    const text = fileOf(written, `tomcat01/conf/Catalina/localhost/${name}.xml`)
    expect(text).toContain('<Manager pathname="SESSIONS.ser"/>')
    expect(resources(text)).toEqual([])
  })

  test.each(['/shop/', '//', '/a//b', '/../b', '/a/./b', '/ROOT'])('%s is refused', (context) => {
    expect(write(specOf({ app: `version: "9.0.122", context: "${context}"` })).codes).toEqual([
      'tomcat-context-path',
    ])
  })
})
