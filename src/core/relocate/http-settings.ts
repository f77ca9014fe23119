import type { HttpSettings } from '../model/http-settings.ts'
import { kept, mapped } from './mapping.ts'

export const relocateHttpSettings = (settings: HttpSettings): HttpSettings =>
  mapped<HttpSettings>(settings, {
    connectTimeout: kept,
    readTimeout: kept,
    sendTimeout: kept,
    tunnelTimeout: kept,
    queueTimeout: kept,
    clientTimeout: kept,
    headersTimeout: kept,
    keepaliveTimeout: kept,
    closingTimeout: kept,
    responseHeaders: kept,
    websocket: kept,
    requestBuffering: kept,
    responseBuffering: kept,
    compression: kept,
    limits: kept,
    maxBodySize: kept,
  })
