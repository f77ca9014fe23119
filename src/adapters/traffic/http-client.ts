import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { isHostName } from '../../core/model/ip.ts'
import type { HttpResponse } from '../../core/traffic/exchange.ts'
import type { HttpClient, HttpRequest, HttpResult, HttpTarget } from '../../ports/traffic.ts'

/** The rest of a body is read and discarded. */
const longestBody = 262_144

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of message) {
    if (length < longestBody) parts.push(part as Buffer)
    length += (part as Buffer).length
  }
  return Buffer.concat(parts).subarray(0, longestBody).toString('utf8')
}

const answerOf = async (message: IncomingMessage): Promise<HttpResponse> => {
  const headers = new Map<string, string[]>()
  const { rawHeaders } = message
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? ''])
  }
  return { status: message.statusCode ?? 0, headers, body: await bodyOf(message) }
}

const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message ?? 'FAILED'
}

const withCode = (code: string): Error => Object.assign(new Error(code), { code })

/** An agent per client with keepalive; `false`: a connection per request. */
const agentsFor = ({ isTls, keepsAlive }: HttpTarget) => {
  const agents = new Map<number, Agent>()
  const make = () => (isTls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true }))
  return {
    of: (client: number): Agent | false => {
      if (!keepsAlive) return false
      const agent = agents.get(client) ?? make()
      agents.set(client, agent)
      return agent
    },
    destroy: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

/** Without the port, and without the brackets of IPv6. */
const hostName = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

/** HTTP/1.1 to one host. */
export const openHttpClient = (target: HttpTarget): HttpClient => {
  const { address, port, isTls, host, authorities, isInsecure, timeoutMs } = target
  const agents = agentsFor(target)
  const pending = new Set<ClientRequest>()

  const tls = {
    // SNI does not allow addresses.
    servername: isHostName(hostName(host)) ? hostName(host) : '',
    rejectUnauthorized: !isInsecure,
    ...(authorities === null ? {} : { ca: authorities }),
  }
  const options = ({ path, headers, localAddress: from, client }: HttpRequest) => ({
    host: address,
    port,
    path,
    headers: { Host: host, ...headers },
    agent: agents.of(client),
    ...(from === null ? {} : { localAddress: from }),
    ...(isTls ? tls : {}),
  })

  const send = (asked: HttpRequest, done: (reply: HttpResult) => void): ClientRequest => {
    const sent = isTls ? tlsRequest(options(asked)) : request(options(asked))
    const failed = (error: unknown) => done({ response: null, failure: codeOf(error) })
    // `on` instead of `once`: an unhandled second error would end the process.
    sent.on('error', failed)
    sent.once('response', (message) => {
      answerOf(message).then((answer) => done({ response: answer, failure: null }), failed)
    })
    sent.end()
    return sent
  }

  const ask = (asked: HttpRequest): Promise<HttpResult> =>
    new Promise((resolve) => {
      let late: NodeJS.Timeout | undefined
      try {
        const sent = send(asked, (reply) => {
          clearTimeout(late)
          pending.delete(sent)
          resolve(reply)
        })
        pending.add(sent)
        late = setTimeout(() => sent.destroy(withCode('ETIMEDOUT')), timeoutMs)
      } catch (error) {
        // Node throws for invalid headers, for example an invalid cookie.
        resolve({ response: null, failure: codeOf(error) })
      }
    })

  return {
    send: ask,
    close: () => {
      for (const sent of pending) sent.destroy(withCode('ABORTED'))
      agents.destroy()
    },
  }
}
