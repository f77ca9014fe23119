import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { durationMs } from '../duration.ts'
import type {
  Buffering,
  Compression,
  HeaderBuffer,
  HttpSettings,
  Timeout,
  Timeouts,
} from '../http-settings.ts'
import { sizeBytes } from '../size.ts'
import { resolveErrorPages, resolveMaintenance } from './error-pages.ts'
import { resolveLimits } from './limits.ts'
import { resolveResponseHeaders } from './response-headers.ts'

type SpecFrontend = Spec['frontends'][string]
type SpecSettings = SpecFrontend | SpecFrontend['locations'][number]

const resolveMaxBodySize = ({ maxBodySize }: SpecSettings): HttpSettings['maxBodySize'] => {
  if (maxBodySize === undefined) return null
  return maxBodySize === 'unlimited' ? maxBodySize : sizeBytes(maxBodySize)
}

const resolveBuffering = (
  { buffering }: SpecSettings,
  key: 'request' | 'response',
  path: SpecPath,
): Buffering | null => {
  const isOn = buffering?.[key]
  return isOn === undefined ? null : { isOn, path: [...path, 'buffering', key] }
}

const resolveHeaderBuffer = ({ buffering }: SpecSettings, path: SpecPath): HeaderBuffer | null => {
  const size = buffering?.responseHeaders
  if (size === undefined) return null
  return { bytes: sizeBytes(size), path: [...path, 'buffering', 'responseHeaders'] }
}

/** Texts that browsers load, and that are not compressed in themselves. */
const usualTypes = [
  ...['text/html', 'text/plain', 'text/css', 'text/xml', 'text/javascript'],
  ...['application/javascript', 'application/json', 'application/xml', 'image/svg+xml'],
]

const resolveCompression = ({ compression }: SpecSettings, path: SpecPath): Compression | null => {
  if (compression === undefined) return null
  const usual = compression === true ? usualTypes : []
  return {
    types: typeof compression === 'object' ? compression.types : usual,
    path: [...path, 'compression'],
  }
}

type WrittenTimeouts = NonNullable<SpecFrontend['timeouts']>

/** @param inherited the timeouts of the frontend, for one of its locations. */
const resolveTimeouts = (
  written: WrittenTimeouts,
  path: SpecPath,
  inherited: Timeouts | null,
): Timeouts => {
  const timeout = (key: keyof WrittenTimeouts): Timeout | null => {
    const text = written[key]
    if (text === undefined) return inherited?.[`${key}Timeout`] ?? null
    return { ms: durationMs(text), path: [...path, key] }
  }
  return {
    connectTimeout: timeout('connect'),
    readTimeout: timeout('read'),
    sendTimeout: timeout('send'),
    tunnelTimeout: timeout('tunnel'),
    queueTimeout: timeout('queue'),
    clientTimeout: timeout('client'),
    headersTimeout: timeout('headers'),
    keepaliveTimeout: timeout('keepalive'),
    closingTimeout: timeout('closing'),
  }
}

/** @param inherited the settings of the frontend, for one of its locations. */
export const resolveHttpSettings = (
  written: SpecSettings,
  path: SpecPath,
  inherited: HttpSettings | null,
  findings: Findings,
): HttpSettings => ({
  errorPages: resolveErrorPages(written, path, inherited?.errorPages ?? null),
  interceptErrors: written.interceptErrors ?? inherited?.interceptErrors ?? null,
  maintenance: resolveMaintenance(written, path, inherited?.maintenance ?? null, findings),
  responseHeaders:
    resolveResponseHeaders(written.responseHeaders, [...path, 'responseHeaders'], findings) ??
    inherited?.responseHeaders ??
    null,
  ...resolveTimeouts(written.timeouts ?? {}, [...path, 'timeouts'], inherited),
  websocket: written.websocket ?? inherited?.websocket ?? null,
  requestBuffering:
    resolveBuffering(written, 'request', path) ?? inherited?.requestBuffering ?? null,
  responseBuffering:
    resolveBuffering(written, 'response', path) ?? inherited?.responseBuffering ?? null,
  headerBuffer: resolveHeaderBuffer(written, path) ?? inherited?.headerBuffer ?? null,
  compression: resolveCompression(written, path) ?? inherited?.compression ?? null,
  limits: resolveLimits(written.limits, path) ?? inherited?.limits ?? null,
  maxBodySize: resolveMaxBodySize(written) ?? inherited?.maxBodySize ?? null,
})
