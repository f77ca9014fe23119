import type { Version } from '../model/version.ts'

/**
 * Whether a release is the one written in the spec, as far as that goes: 2.6.12 is "2.6". Programs of
 * NGINX Plus say the nginx that R31 is based on.
 */
export const isRelease = (installed: string, { text, parts }: Version): boolean => {
  const wanted = /^\d/.test(text) ? text : parts.join('.')
  return (
    installed === wanted || installed.startsWith(`${wanted}.`) || wanted.startsWith(`${installed}.`)
  )
}
