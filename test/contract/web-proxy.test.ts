import { createServer as createProxy } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { webOverHttps } from '../../src/build-nginx/adapters/web.ts'
import { BuildError } from '../../src/errors.ts'
import { type Certificate, makeCertificate } from '../real/support/certificate.ts'

/** The requests to a proxy. */
interface Tunnel {
  readonly to: string | undefined
  readonly authorization: string | undefined
}

const open: Server[] = []
const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return (server.address() as AddressInfo).port
}

let made: Certificate
let host = ''
let proxy = ''
let other = ''
const tunnels: Tunnel[] = []
let answer = '200 Connection established'

/** A proxy that makes tunnels, as squid does. */
const makeProxy = async (seen: Tunnel[]): Promise<string> => {
  const server = createProxy((_, response) => void response.writeHead(501).end())
  server.on('connect', ({ url, headers }, socket) => {
    seen.push({ to: url, authorization: headers['proxy-authorization'] })
    const [, port = ''] = (url ?? '').split(':')
    if (!answer.startsWith('200')) return void socket.end(`HTTP/1.1 ${answer}\r\n\r\n`)
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write(`HTTP/1.1 ${answer}\r\n\r\n`)
      socket.pipe(upstream).pipe(socket)
    })
    for (const one of [socket, upstream]) one.on('error', () => undefined)
    socket.on('close', () => upstream.destroy())
  })
  return `127.0.0.1:${await listen(server)}`
}

beforeAll(async () => {
  made = await makeCertificate()
  const server = createServer({ cert: made.certificate, key: made.key }, ({ url }, response) =>
    url === '/moved'
      ? response.writeHead(302, { location: '/file' }).end()
      : response.end(`bytes of ${url}`),
  )
  host = `localhost:${await listen(server)}`
  proxy = await makeProxy(tunnels)
  other = await makeProxy([])
})
beforeEach(() => {
  tunnels.length = 0
  answer = '200 Connection established'
})
afterAll(() => {
  for (const server of open) server.close()
})

const download = async (
  env: Readonly<Record<string, string>>,
  path = '/file',
  authorities: string | undefined = made.certificate,
): Promise<string> => {
  const abort = new AbortController()
  const web = webOverHttps(abort.signal, env, authorities)
  const found = await web.download(`https://${host}${path}`, () => undefined)
  return Buffer.from(found?.bytes ?? []).toString()
}

const failure = async (work: Promise<unknown>): Promise<BuildError> => {
  const error: unknown = await work.then(
    () => null,
    (one: unknown) => one,
  )
  expect(error).toBeInstanceOf(BuildError)
  return error as BuildError
}

describe('a download uses the proxy', () => {
  test.each<[string, () => Readonly<Record<string, string>>]>([
    ['of HTTPS_PROXY', () => ({ HTTPS_PROXY: `http://${proxy}` })],
    ['of https_proxy', () => ({ https_proxy: `http://${proxy}` })],
    [
      'of https_proxy, not HTTPS_PROXY',
      () => ({ https_proxy: `http://${proxy}`, HTTPS_PROXY: `http://${other}` }),
    ],
    [
      'of HTTPS_PROXY, not HTTP_PROXY',
      () => ({ HTTPS_PROXY: `http://${proxy}`, HTTP_PROXY: `http://${other}` }),
    ],
    ['of HTTP_PROXY where there is no other', () => ({ HTTP_PROXY: `http://${proxy}` })],
    [
      'where NO_PROXY names other hosts',
      () => ({ HTTPS_PROXY: `http://${proxy}`, NO_PROXY: 'example.com,.host,localhost:1' }),
    ],
  ])('%s', async (_, env) => {
    expect(await download(env())).toBe('bytes of /file')
    expect(tunnels).toEqual([{ to: host, authorization: undefined }])
  })

  test('after a redirect as well', async () => {
    expect(await download({ HTTPS_PROXY: `http://${proxy}` }, '/moved')).toBe('bytes of /file')
    expect(tunnels.length).toBeGreaterThan(0)
  })

  test('with its user and password', async () => {
    await download({ HTTPS_PROXY: `http://me:p%40ss@${proxy}` })
    const basic = Buffer.from('me:p@ss').toString('base64')
    expect(tunnels).toEqual([{ to: host, authorization: `Basic ${basic}` }])
  })

  test('and refuses a certificate for another name', async () => {
    const web = webOverHttps(
      new AbortController().signal,
      { HTTPS_PROXY: `http://${proxy}` },
      made.certificate,
    )
    const url = `https://127.0.0.1:${host.split(':')[1]}/file`
    const error = await failure(web.download(url, () => undefined))
    expect(error.message).toContain("IP: 127.0.0.1 is not in the cert's list")
    expect(tunnels).toHaveLength(1)
  })

  test('and verifies the certificate of the host itself', async () => {
    const error = await failure(download({ HTTPS_PROXY: `http://${proxy}` }, '/file', ''))
    expect(error.message).toMatch(/self-signed|unable to/)
    expect(tunnels).toHaveLength(1)
  })
})

describe('a download does not use the proxy', () => {
  test.each([
    ['localhost'],
    ['LOCALHOST'],
    ['*'],
    ['example.com, localhost'],
    ['localhost:PORT'],
    ['*.localhost'],
  ])('if NO_PROXY is %s', async (written) => {
    const NO_PROXY = written.replace('PORT', host.split(':')[1] ?? '')
    for (const env of [{ NO_PROXY }, { no_proxy: NO_PROXY, NO_PROXY: 'example.com' }])
      expect(await download({ HTTPS_PROXY: `http://${proxy}`, ...env })).toBe('bytes of /file')
    expect(tunnels).toEqual([])
  })

  test('if https_proxy is empty, which overrides HTTPS_PROXY', async () => {
    await download({ https_proxy: '', HTTPS_PROXY: `http://${proxy}` })
    expect(tunnels).toEqual([])
  })
})

describe('a proxy that fails', () => {
  const secret = 's3cr3t'
  const withSecret = (address: string) => ({ HTTPS_PROXY: `http://me:${secret}@${address}` })

  test.each<[string, string, () => Readonly<Record<string, string>>, RegExp]>([
    [
      'requires a password',
      '407 Proxy Authentication Required',
      () => withSecret(proxy),
      /Proxy response \(407\)/,
    ],
    ['refuses', '403 Forbidden', () => withSecret(proxy), /Proxy response \(403\)/],
    ['does not answer', '', () => withSecret('127.0.0.1:1'), /ECONNREFUSED/],
    [
      'has an invalid URL',
      '',
      () => ({ HTTPS_PROXY: `http://me:${secret}@:99999` }),
      /^the environment variable HTTPS_PROXY is not the URL of a proxy/,
    ],
    [
      'has a URL without a scheme',
      '',
      () => ({ https_proxy: `me:${secret}@127.0.0.1:3128` }),
      /^the environment variable https_proxy is not the URL of a proxy/,
    ],
    [
      'has a URL with another scheme',
      '',
      () => ({ HTTP_PROXY: `socks5://me:${secret}@127.0.0.1:1080` }),
      /^the environment variable HTTP_PROXY is not the URL of a proxy/,
    ],
    [
      'has a URL with an invalid encoding',
      '',
      () => ({ HTTPS_PROXY: `http://me:${secret}%zz@127.0.0.1:1` }),
      /^the environment variable HTTPS_PROXY is not the URL of a proxy/,
    ],
  ])('%s: the error does not contain the password', async (_, status, env, message) => {
    answer = status
    const error = await failure(download(env()))
    expect(error.message).toMatch(message)
    expect(error.help).toMatch(/HTTPS?_PROXY|https?_proxy/)
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(
      secret,
    )
  })
})
