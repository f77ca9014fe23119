import { formatRedirectUrl } from '../../model/answer.ts'
import type { Location } from '../../model/cluster.ts'
import type { Features } from './features.ts'

/** `return`, and the directives that its response needs. */
export interface AnswerView {
  /** Arguments of `return`. */
  readonly words: readonly (string | number)[]
  /** null: the response has no body of its own. */
  readonly type: string | null
  /** The path of a redirect is sent as it is, without the scheme and port of this nginx. */
  readonly isRelative: boolean
}

/** null: nginx does not answer requests of the location itself. */
export const answerView = (
  { action }: Location,
  { hasRelativeRedirects }: Features,
): AnswerView | null => {
  if (action.kind === 'redirect') {
    const to = formatRedirectUrl(action.to, {
      text: (text) => text,
      host: '$host',
      uri: '$request_uri',
    })
    const isRelative = hasRelativeRedirects && to.startsWith('/')
    return { words: [action.code, to], type: null, isRelative }
  }
  if (action.kind !== 'respond') return null
  const { status, body, contentType } = action
  // Without a text, nginx sends its own page for an error.
  const text = body ?? (status < 300 && status !== 204 ? '' : null)
  return {
    words: text === null ? [status] : [status, text],
    type: text === null ? null : contentType,
    isRelative: false,
  }
}
