import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { isHostName } from '../../core/model/ip.ts'
import type { HttpResponse } from '../../core/traffic/exchange.ts'
import type {
  HttpClient,
  HttpRequest,
  HttpResult,
  HttpTarget,
  UpgradeResult,
  WebSocketConnection,
} from '../../ports/traffic.ts'
import { acceptOf, newKey, webSocketOn } from './web-socket.ts'

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

const headOf = ({ rawHeaders, statusCode = 0 }: IncomingMessage): HttpResponse => {
  const headers = new Map<string, string[]>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? ''])
  }
  return { status: statusCode, headers, body: '' }
}

const answerOf = async (message: IncomingMessage): Promise<HttpResponse> => ({
  ...headOf(message),
  body: await bodyOf(message),
})

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

type OnUpgrade = (message: IncomingMessage, socket: Duplex, head: Buffer) => HttpResult

/** HTTP/1.1 to one host. */
export const openHttpClient = (target: HttpTarget): HttpClient => {
  const { address, port, isTls, host, authorities, isInsecure, timeoutMs } = target
  const agents = agentsFor(target)
  const pending = new Set<ClientRequest>()
  const upgraded = new Set<Duplex>()

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

  type Options = ReturnType<typeof options>

  const begin = (given: Options, done: (reply: HttpResult) => void): ClientRequest => {
    const sent = isTls ? tlsRequest(given) : request(given)
    const failed = (error: unknown) => done({ response: null, failure: codeOf(error) })
    // `on` instead of `once`: an unhandled second error would end the process.
    sent.on('error', failed)
    sent.once('response', (message) => {
      answerOf(message).then((answer) => done({ response: answer, failure: null }), failed)
    })
    return sent
  }

  /** @param onUpgrade returns the reply to a handshake; null: the request is none. */
  const ask = (given: Options, onUpgrade: OnUpgrade | null): Promise<HttpResult> =>
    new Promise((resolve) => {
      let late: NodeJS.Timeout | undefined
      try {
        const done = (reply: HttpResult): void => {
          clearTimeout(late)
          pending.delete(sent)
          resolve(reply)
        }
        const sent = begin(given, done)
        if (onUpgrade !== null)
          sent.once('upgrade', (message, socket, head) => done(onUpgrade(message, socket, head)))
        sent.end()
        pending.add(sent)
        late = setTimeout(() => sent.destroy(withCode('ETIMEDOUT')), timeoutMs)
      } catch (error) {
        // Node throws for invalid headers, for example an invalid cookie.
        resolve({ response: null, failure: codeOf(error) })
      }
    })

  const upgrade = async (asked: HttpRequest): Promise<UpgradeResult> => {
    const key = newKey()
    const { headers, ...others } = options(asked)
    const handshake = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
      // Applications reject the pages of other sites.
      Origin: `${isTls ? 'https' : 'http'}://${host}`,
    }
    const given = { ...others, headers: { ...headers, ...handshake }, agent: false } as const
    const connections: WebSocketConnection[] = []
    const reply = await ask(given, (message, socket, head) => {
      if (message.headers['sec-websocket-accept'] !== acceptOf(key)) {
        socket.destroy()
        return { response: null, failure: 'wrong Sec-WebSocket-Accept' }
      }
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      connections.push(webSocketOn(socket, head, timeoutMs))
      return { response: headOf(message), failure: null }
    })
    return { ...reply, connection: connections[0] ?? null }
  }

  return {
    send: (asked) => ask(options(asked), null),
    upgrade,
    close: () => {
      for (const sent of pending) sent.destroy(withCode('ABORTED'))
      for (const socket of upgraded) socket.destroy()
      agents.destroy()
    },
  }
}
