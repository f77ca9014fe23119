/** Every text of a spec that the properties change, with a value that does no harm. */
export const usualTexts = {
  match: '/app/',
  root: 'html',
  index: 'index.html',
  serverName: 'shop.example.com',
  headerName: 'X-Env',
  header: 'prod',
  clientHeader: 'X-Forwarded-For',
  accessLog: '/var/log/web.log',
  certificate: '/etc/ssl/shop.crt',
  key: '/etc/ssl/shop.key',
  hashKey: '$request_uri',
  balanceKey: '$request_uri',
  sessionCookie: 'JSESSIONID',
  sessionUrl: 'jsessionid',
  affinityCookie: 'srv_id',
  cookieDomain: 'example.com',
  cookiePath: '/',
  checkUri: '/health',
  route: 'tomcat01',
  upstream: 'tomcats',
  appCookiePath: '/',
  appCookieDomain: 'example.com',
  appCookieName: 'JSESSIONID',
  context: '/shop',
}

export type Texts = Readonly<typeof usualTexts>

/** A kind of spec, such as nginx with the jvm_route module, as a function of its texts. */
export interface SpecKind {
  readonly name: string
  readonly spec: (texts: Texts) => object
  /** The texts that it holds. */
  readonly holds: readonly (keyof Texts)[]
}
