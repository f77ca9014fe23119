import type { Upstream } from '../../model/cluster.ts'
import type { Buffering, HeaderBuffer, HttpSettings } from '../../model/http-settings.ts'
import { formatSize } from '../../model/size.ts'
import { type ServerModule, serverModule } from './server-protocols.ts'
import { type TimeoutsView, timeoutsView } from './timeouts.ts'

/** Directives of a `server` or `location` block. A location has only those that differ from its server. */
export interface SettingsView {
  readonly maxBodySize: string | null
  /** Prefixes of the directives about servers: `proxy`, `fastcgi`, `uwsgi`. */
  readonly modules: readonly ServerModule[]
  readonly timeouts: TimeoutsView
  /** `on` or `off`. */
  readonly requestBuffering: string | null
  readonly responseBuffering: string | null
  readonly headerBuffer: HeaderBufferView | null
  readonly compression: CompressionView | null
}

/** `proxy_buffer_size`, and the size of each of 8 `proxy_buffers`. */
interface HeaderBufferView {
  readonly size: string
  readonly each: string
}

const page = 4096

/** nginx refuses a buffer for headers that the other buffers of an answer are too small for. */
const headerBufferView = (buffer: HeaderBuffer | null): HeaderBufferView | null =>
  buffer === null
    ? null
    : { size: formatSize(buffer.bytes), each: formatSize(Math.max(buffer.bytes, page)) }

const bodySize = (size: HttpSettings['maxBodySize']): string | null => {
  if (size === null) return null
  return size === 'unlimited' ? '0' : formatSize(size)
}

export interface CompressionView {
  readonly isOn: boolean
  /** Without text/html, which nginx always compresses. */
  readonly types: readonly string[]
}

const compressionView = (compression: HttpSettings['compression']): CompressionView | null =>
  compression === null
    ? null
    : {
        isOn: compression.types.length > 0,
        types: compression.types.filter((type) => type !== 'text/html'),
      }

const onOrOff = (buffering: Buffering | null): string | null => {
  if (buffering === null) return null
  return buffering.isOn ? 'on' : 'off'
}

/** @param upstreams to which a request can be sent. */
export const settingsView = (
  settings: HttpSettings,
  upstreams: readonly Upstream[],
  level: 'server' | 'location',
): SettingsView => ({
  modules: [...new Set(upstreams.map(serverModule))],
  timeouts: timeoutsView(settings, upstreams.length > 0, level),
  requestBuffering: upstreams.length > 0 ? onOrOff(settings.requestBuffering) : null,
  responseBuffering: upstreams.length > 0 ? onOrOff(settings.responseBuffering) : null,
  headerBuffer: upstreams.length > 0 ? headerBufferView(settings.headerBuffer) : null,
  compression: compressionView(settings.compression),
  maxBodySize: bodySize(settings.maxBodySize),
})
