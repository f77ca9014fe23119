import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { BuildError } from '../../errors.ts'
import { type Environment, proxyValue, proxyVariable } from './proxies.ts'

const connectMs = 60_000
const silenceMs = 60_000

const isProxyUrl = (value: string): boolean => {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return false
  const { username, password } = new URL(value)
  return !/%(?![\da-f]{2})/i.test(username + password)
}

/** The value may hold a password: it is in no message, nor in the cause of an error. */
const proxyIn = (env: Environment, upperCase: string): string => {
  const name = proxyVariable(env, upperCase)
  const value = proxyValue(env, upperCase)
  if (value === '') return ''
  if (isProxyUrl(value)) return value
  throw new BuildError(`the environment variable ${name} is not the URL of a proxy`, {
    help: `set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters as %XX, or remove it (unset ${name})`,
  })
}

/**
 * How connections are made: through the proxy that HTTPS_PROXY names, else HTTP_PROXY, but not to the
 * hosts in NO_PROXY. TLS reaches through a proxy to the host itself (CONNECT).
 * @param authorities in place of those that Node.js trusts
 */
export const makeDispatcher = (env: Environment, authorities: string | undefined): Dispatcher => {
  const ca = authorities === undefined ? {} : { ca: authorities }
  const httpsProxy = proxyIn(env, 'HTTPS_PROXY')
  const httpProxy = proxyIn(env, 'HTTP_PROXY')
  return new EnvHttpProxyAgent({
    httpsProxy,
    httpProxy,
    noProxy: proxyValue(env, 'NO_PROXY'),
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    connect: { timeout: connectMs, ...ca },
    requestTls: { timeout: connectMs, ...ca },
  })
}
