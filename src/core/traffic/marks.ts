import type { ResponseField } from './identity.ts'

/** Reads `header:X-Server`, `cookie:SRV`, `json:name` or `body:served by (\w+)`; returns a message if it cannot. */
export const parseField = (text: string): ResponseField | string => {
  const [, kind = '', what = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? []
  switch (kind) {
    case 'header':
    case 'cookie':
      return /^[!#$%&'*+.^_`|~\w-]+$/.test(what)
        ? { kind, name: what }
        : `"${what}" is not the name of a ${kind}`
    case 'json':
      return { kind, name: what }
    case 'body':
      try {
        return { kind, pattern: new RegExp(what, 'u') }
      } catch {
        return `"${what}" is not a regular expression`
      }
    default:
      return `"${text}" is not a part of a response`
  }
}

/** For a note in the report. */
export const describeField = (mark: ResponseField): string => {
  switch (mark.kind) {
    case 'header':
      return `the header ${mark.name}`
    case 'cookie':
      return `the cookie ${mark.name}`
    case 'json':
      return `"${mark.name}" in the body`
    case 'body':
      return `${mark.pattern} in the body`
  }
}
