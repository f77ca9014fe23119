import { notFollowed } from '../../../fields.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { type HttpSettings, valuesOf } from '../../../model/http-settings.ts'
import { mayBeHttps } from '../../../model/may-be-https.ts'
import type { Context } from '../context.ts'
import { headerText } from '../quote.ts'

/**
 * Header: httpd has a table for responses of the application, and one (`always`) whose headers are sent
 * with every response, in addition to the first table.
 */
export interface ResponseHeaderView {
  /** `always`, `set`, a name and its value. */
  readonly words: readonly string[]
}

const view = (...words: string[]): ResponseHeaderView => ({ words })

export const responseHeadersOf = ({
  responseHeaders,
}: HttpSettings): readonly ResponseHeaderView[] => {
  if (responseHeaders === null) return []
  const { set, add, remove } = responseHeaders
  return [
    ...set.flatMap(({ name, value }) => [
      view('unset', name),
      view('always', 'set', name, headerText(value)),
    ]),
    ...add.map(({ name, value }) => view('always', 'add', name, headerText(value))),
    ...remove.flatMap((name) => [view('unset', name), view('always', 'unset', name)]),
  ]
}

/** Strict-Transport-Security of a virtual host; its scheme is that of a trusted proxy, if there is one. */
export const hstsOf = (frontend: Frontend, isTls: boolean): readonly ResponseHeaderView[] => {
  const { clientAddress, hsts } = frontend
  if (hsts === null || !mayBeHttps(frontend) || (clientAddress === null && !isTls)) return []
  const name = 'Strict-Transport-Security'
  const condition = clientAddress === null ? [] : ["expr=reqenv('sessctl-scheme') == 'https'"]
  return [view('unset', name), view('always', 'set', name, hsts, ...condition)]
}

/** httpd writes its own Server header after mod_headers. */
export const checkResponseHeaders = (frontend: Frontend, { findings }: Context): void => {
  const why = 'httpd writes its own Server header after all others'
  const help = 'write "ServerTokens Prod" in the main configuration to hide the release of httpd'
  for (const { value, path } of valuesOf(frontend, 'responseHeaders')) {
    const removed = value.remove.findIndex((name) => name.toLowerCase() === 'server')
    if (removed >= 0) notFollowed(findings, [...path, 'remove', removed], 'httpd', why, help)
    for (const key of ['set', 'add'] as const)
      for (const { name } of value[key])
        if (name.toLowerCase() === 'server')
          notFollowed(findings, [...path, key, name], 'httpd', why, help)
  }
}
