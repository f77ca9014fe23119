import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Registry {
  readonly url: string
  readonly close: () => void
}

/** A registry of npm on loopback, with one package. */
export const startRegistry = async (
  { name, version, ...more }: { readonly name: string; readonly version: string },
  packed: string,
): Promise<Registry> => {
  const bytes = readFileSync(packed)
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const tarball = `${url}/${name}/-/${name}-${version}.tgz`
    if (request.url === new URL(tarball).pathname) response.end(bytes)
    else if (request.url !== `/${name}`) response.writeHead(404).end('{}')
    else {
      const release = { ...more, name, version, dist: { tarball, integrity } }
      const all = { name, 'dist-tags': { latest: version }, versions: { [version]: release } }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(all))
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close()
    },
  }
}
