import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webOverHttps } from '../../src/build-nginx/adapters/web.ts'
import type { Web } from '../../src/build-nginx/ports/build.ts'
import { BuildError } from '../../src/errors.ts'
import { makeCertificate } from '../real/support/certificate.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let handler: Handler = () => undefined
let server: ReturnType<typeof createServer> | undefined
let origin = ''
let web: Web
let authority = ''

beforeAll(async () => {
  const { certificate, key } = await makeCertificate()
  const made = createServer({ cert: certificate, key }, (request, response) =>
    handler(request, response),
  )
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  origin = `https://localhost:${(made.address() as AddressInfo).port}`
  web = webOverHttps(new AbortController().signal, {}, certificate)
  server = made
  authority = certificate
})
afterAll(() => {
  server?.closeAllConnections()
  server?.close()
})

const download = (path: string) => web.download(`${origin}${path}`, () => undefined)
const reasonOf = async (path: string): Promise<string> => {
  try {
    await download(path)
    return 'it came'
  } catch (error) {
    expect(error).toBeInstanceOf(BuildError)
    return error instanceof Error ? error.message : ''
  }
}

describe('a download', () => {
  test('returns the bytes and reports its progress', async () => {
    handler = (_, response) => void response.writeHead(200, { 'content-length': '5' }).end('bytes')
    const seen: unknown[] = []
    const found = await web.download(`${origin}/x`, (done, total) => seen.push([done, total]))
    expect(Buffer.from(found?.bytes ?? []).toString()).toBe('bytes')
    expect(seen.at(-1)).toEqual([5, 5])
  })

  test('is limited in size, by its header and by its body', async () => {
    for (const headers of [{ 'content-length': '1000000' }, {}]) {
      handler = (_, response) => {
        response.writeHead(200, headers)
        response.on('error', () => undefined).write(Buffer.alloc(600_000))
      }
      await expect(web.download(`${origin}/x.asc`, () => undefined, 500_000)).rejects.toThrow(
        /exceeds? the limit of/,
      )
    }
    handler = (_, response) => void response.writeHead(200, { 'content-length': '9e15' }).end()
    await expect(download('/x')).rejects.toThrow(BuildError)
    handler = (_, response) =>
      void response.writeHead(200, { 'content-length': String(2 ** 40) }).write('x')
    expect(await reasonOf('/x')).toMatch(/exceeds? the limit of/)
  })

  test('ends after a time limit, even if bytes keep arriving', async () => {
    let drip: NodeJS.Timeout | undefined
    handler = (_, response) => {
      response.writeHead(200)
      drip = setInterval(() => response.write('x'), 20)
    }
    const hasty = webOverHttps(new AbortController().signal, {}, authority, 500)
    await expect(hasty.download(`${origin}/x`, () => undefined)).rejects.toThrow(BuildError)
    clearInterval(drip)
  })

  test('is not decoded, whatever its content encoding', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    handler = (_, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    expect(Buffer.from((await download('/x'))?.bytes ?? []).equals(bomb)).toBe(true)
  })

  test('follows redirects to https', async () => {
    handler = ({ url }, response) =>
      void (url === '/x' ? response.writeHead(302, { location: '/y' }).end() : response.end('y'))
    expect(Buffer.from((await download('/x'))?.bytes ?? []).toString()).toBe('y')
  })

  test('is null for a missing file', async () => {
    handler = (_, response) => void response.writeHead(404).end('not found')
    expect(await download('/x')).toBeNull()
  })

  test.each<[string, Handler, RegExp]>([
    [
      'a redirect without TLS',
      (_, response) => void response.writeHead(301, { location: 'http://localhost/x' }).end(),
      /without TLS/,
    ],
    [
      'a redirect in a circle',
      (_, response) => void response.writeHead(302, { location: '/x' }).end(),
      /redirects more than/,
    ],
    [
      'a redirect to a web page',
      ({ url }, response) =>
        void (url === '/x'
          ? response.writeHead(302, { location: '/login' }).end()
          : response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')),
      /sent a web page/,
    ],
    [
      'a web page under another name',
      (_, response) => void response.end('\n<!DOCTYPE html><html>'),
      /sent a web page/,
    ],
    [
      'a redirect to a file of this host',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /without TLS/,
    ],
    [
      'a redirect to what is no address',
      (_, response) => void response.writeHead(302, { location: 'https://[' }).end(),
      /redirects to an invalid URL/,
    ],
    ['an error of the server', (_, response) => void response.writeHead(503).end(), /503/],
    [
      'fewer bytes than it said',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('short')
        setTimeout(() => response.destroy(), 20)
      },
      /stopped after 5 bytes|stopped after 5 of 100/,
    ],
  ])('refuses %s', async (_, answer, reason) => {
    handler = answer
    expect(await reasonOf('/x')).toMatch(reason)
  })

  test('refuses an unknown certificate, and an address without TLS', async () => {
    const strict = webOverHttps(new AbortController().signal, {})
    await expect(strict.download(`${origin}/x`, () => undefined)).rejects.toThrow(
      /self-signed|unable to verify/,
    )
    await expect(web.download('http://localhost:1/x', () => undefined)).rejects.toThrow(
      'without TLS',
    )
  })

  test('reports a host that does not answer', async () => {
    await expect(web.download('https://localhost:1/x', () => undefined)).rejects.toThrow(
      'ECONNREFUSED',
    )
  })

  test('ends when the program is interrupted', async () => {
    handler = () => undefined
    const abort = new AbortController()
    const pending = webOverHttps(abort.signal, {}).download(`${origin}/x`, () => undefined)
    setTimeout(() => abort.abort(), 20)
    await expect(pending).rejects.toThrow()
  })
})
