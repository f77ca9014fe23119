import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A comment as GitHub and GitLab return it. */
export interface Comment {
  readonly id: number
  readonly user: { readonly login: string }
  readonly author: { readonly id: number }
  readonly body: string
}

export interface CommentServer {
  readonly url: string
  readonly comments: Comment[]
  /** The requests that change something: `POST /repos/…`. */
  readonly writes: string[]
  /** The tokens of all requests, each once. */
  readonly tokens: Set<string>
  readonly close: () => void
}

/** The user of the token. */
export const ownUser = { login: 'github-actions[bot]', id: 7 }

/** A token that may read only, as that of a pull request of a fork. */
export const readOnlyToken = 'read-only'

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { body } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly body: string }
  return body
}

/** As many comments of a page as were asked for. */
const pageOf = (comments: readonly Comment[], url: URL): readonly Comment[] => {
  const size = Number(url.searchParams.get('per_page'))
  const page = Number(url.searchParams.get('page'))
  return comments.slice((page - 1) * size, page * size)
}

/** The comments of pull request 12 of o/r, and of merge request 12 of project 34: the parts of both APIs that are used. */
export const startCommentServer = async (existing: readonly Comment[]): Promise<CommentServer> => {
  const comments = [...existing]
  const writes: string[] = []
  const tokens = new Set<string>()
  const list = /^\/(?:repos\/o\/r\/issues\/12\/comments|projects\/34\/merge_requests\/12\/notes)$/
  const one = /^\/(?:repos\/o\/r\/issues\/comments|projects\/34\/merge_requests\/12\/notes)\/(\d+)$/

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const url = new URL(request.url ?? '/', 'http://host')
    const { method = '', headers } = request
    tokens.add(headers.authorization ?? String(headers['private-token']))
    if (method !== 'GET') writes.push(`${method} ${url.pathname}`)
    if (url.pathname === '/user') return ownUser
    if (method === 'GET' && list.test(url.pathname)) return pageOf(comments, url)
    if (method === 'POST' && list.test(url.pathname)) {
      const body = await bodyOf(request)
      const comment = { id: 1000 + comments.length, user: ownUser, author: ownUser, body }
      comments.push(comment)
      return comment
    }
    const [, id] = one.exec(url.pathname) ?? []
    const index = comments.findIndex((each) => String(each.id) === id)
    const found = comments[index]
    if (found !== undefined && method === 'DELETE') {
      comments.splice(index, 1)
      return ''
    }
    if (found === undefined || !['PATCH', 'PUT'].includes(method)) return null
    comments[index] = { ...found, body: await bodyOf(request) }
    return comments[index]
  }

  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.headers.authorization === `Bearer ${readOnlyToken}`) {
      response.writeHead(403).end('{"message":"Resource not accessible by integration"}')
      return
    }
    void answer(request).then((content) => {
      response.setHeader('content-type', 'application/json')
      if (content === '') response.writeHead(204).end()
      else response.writeHead(content === null ? 404 : 200).end(JSON.stringify(content))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    comments,
    writes,
    tokens,
    close: () => server.close(),
  }
}
