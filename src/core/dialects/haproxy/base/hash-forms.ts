import { hostSample } from '../variables.ts'

const withoutArgument: Readonly<Record<string, string>> = {
  uri: 'path,url_dec',
  'uri whole': 'pathq',
  'hdr(host)': hostSample,
}

/** `balance hash SAMPLE` for an older form, such as `balance url_param user`; null: it is none. */
export const hashFormOf = (args: readonly string[]): string | null => {
  const text = args.join(' ')
  const known = withoutArgument[text]
  if (known !== undefined) return `hash ${known}`
  const [, parameter] = /^url_param (\S+)$/.exec(text) ?? []
  if (parameter !== undefined) return `hash urlp(${parameter})`
  const [, header] = /^hdr\(([^)]+)\)$/.exec(text) ?? []
  return header === undefined ? null : `hash req.fhdr(${header.toLowerCase()})`
}
