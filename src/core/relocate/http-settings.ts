import type { ErrorPage, Maintenance, StatusPage } from '../model/error-pages.ts'
import type { HttpSettings } from '../model/http-settings.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

const page = (one: ErrorPage, places: Places): ErrorPage =>
  one.kind === 'file' ? { ...one, file: places.errorPage(one.file) } : one

const statusPage = (one: StatusPage, places: Places): StatusPage =>
  mapped<StatusPage>(one, { status: kept, page: (each) => page(each, places), path: kept })

const maintenance = (one: Maintenance, places: Places): Maintenance | null => {
  const asked = places.maintenance(one)
  return (
    asked &&
    mapped<Maintenance>(asked, {
      isOn: kept,
      page: orNull((each: ErrorPage) => page(each, places)),
      except: kept,
      path: kept,
    })
  )
}

export const relocateHttpSettings = (settings: HttpSettings, places: Places): HttpSettings =>
  mapped<HttpSettings>(settings, {
    errorPages: (pages) => pages?.map((each) => statusPage(each, places)) ?? null,
    interceptErrors: kept,
    maintenance: orNull((asked: Maintenance) => maintenance(asked, places)),
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
    headerBuffer: kept,
    compression: kept,
    limits: kept,
    maxBodySize: kept,
  })
