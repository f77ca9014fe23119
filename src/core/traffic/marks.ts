import type { Mark } from './identity.ts'

/** Reads `header:X-Server`, `cookie:SRV`, `json:name` or `body:served by (\w+)`; a string says what is wrong. */
export const parseMark = (text: string): Mark | string => {
  const [, kind = '', what = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? []
  switch (kind) {
    case 'header':
    case 'cookie':
      return /^[!#$%&'*+.^_`|~\w-]+$/.test(what)
        ? { kind, name: what }
        : `"${what}" is no name of a ${kind}`
    case 'json':
      return { kind, name: what }
    case 'body':
      try {
        return { kind, pattern: new RegExp(what, 'u') }
      } catch {
        return `"${what}" is no regular expression`
      }
    default:
      return `"${text}" does not say where to look`
  }
}

/** In a few words. */
export const describeMark = (mark: Mark): string => {
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
