import { formatRedirectUrl } from '../../../model/answer.ts'
import type { Answer, Cluster } from '../../../model/cluster.ts'
import { pagesOf } from '../../../model/error-pages.ts'
import type { HttpSettings } from '../../../model/http-settings.ts'
import { fileOf, type PageView } from '../error-pages.ts'
import { answerBackendName, forbidden, notFound } from '../names.ts'
import { formatText } from '../quote.ts'
import { hostSample, uriFormat } from '../variables.ts'

/** A backend that answers itself; one of the members is set. */
export interface AnswerView {
  readonly name: string
  /** The page of HAProxy for this status. */
  readonly deny: number | null
  /** For a response without a body of its own; null: none. */
  readonly page: PageView | null
  readonly redirect: { readonly code: number; readonly location: string } | null
  readonly respond: {
    readonly status: number
    /** null: without a body. */
    readonly body: string | null
    readonly type: string
  } | null
}

/** The statuses for which HAProxy has a page. */
const pages = new Set([
  400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504,
])

const nothing = { page: null, deny: null, redirect: null, respond: null }

const contentOf = (answer: Answer, settings: HttpSettings): Omit<AnswerView, 'name'> => {
  if (answer.kind === 'redirect') {
    const location = formatRedirectUrl(answer.to, {
      text: formatText,
      host: `%[${hostSample}]`,
      uri: uriFormat,
    })
    return { ...nothing, redirect: { code: answer.code, location } }
  }
  const { status, body, contentType: type } = answer
  const page = body === null ? fileOf(pagesOf(settings), status) : null
  if (body === null && pages.has(status)) return { ...nothing, page, deny: status }
  return { ...nothing, page, respond: { status, body, type } }
}

/** The backends of locations with an answer, and those for requests that are refused. */
export const answerViews = (
  { frontends }: Cluster,
  reached: ReadonlySet<string>,
): readonly AnswerView[] => [
  ...frontends.flatMap((frontend) =>
    frontend.locations.flatMap((location) => {
      const { action } = location
      if (action.kind !== 'redirect' && action.kind !== 'respond') return []
      return [
        {
          name: answerBackendName(frontend.name, location),
          ...contentOf(action, location.settings),
        },
      ]
    }),
  ),
  ...[
    { ...nothing, name: forbidden, deny: 403 },
    { ...nothing, name: notFound, deny: 404 },
  ].filter(({ name }) => reached.has(name)),
]
