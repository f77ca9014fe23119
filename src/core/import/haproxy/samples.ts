import { hostSample } from '../../dialects/haproxy/variables.ts'

const words: Readonly<Record<string, string>> = {
  src: 'remote_addr',
  src_port: 'remote_port',
  dst: 'server_addr',
  dst_port: 'server_port',
  pathq: 'request_uri',
  url: 'request_uri',
  'path,url_dec': 'uri',
  query: 'args',
  method: 'request_method',
  'ssl_fc,iif(https,http)': 'scheme',
  'ssl_fc_session_id,hex': 'ssl_session_id',
  [hostSample]: 'host',
  'req.fhdr(host)': 'http_host',
}

/** With older names of the same samples. */
const families: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^(?:req\.)?cook(?:ie)?\(([\w.-]+)\)$/, 'cookie_'],
  [/^(?:res\.scook|res\.cook|scook|set-cookie)\(([\w.-]+)\)$/, 'upstream_cookie_'],
  [/^(?:urlp|url_param)\(([\w.-]+)\)$/, 'arg_'],
  [/^(?:req\.f?hdr|hdr)\(([\w-]+)\)$/, 'http_'],
  [/^(?:res\.f?hdr|shdr)\(([\w-]+)\)$/, 'upstream_http_'],
]

/** The variable of a spec that is this sample; null: none is. */
export const variableOf = (sample: string): string | null => {
  const known = words[sample]
  if (known !== undefined) return `$${known}`
  for (const [pattern, prefix] of families) {
    const name = pattern.exec(sample)?.[1]
    if (name === undefined) continue
    return `$${prefix}${prefix.endsWith('http_') ? name.toLowerCase().replaceAll('-', '_') : name}`
  }
  return null
}

/** A format such as `%[req.cook(user)]-%[src]` as text with variables; null: a spec cannot say it. */
export const textOfFormat = (format: string): string | null => {
  let isKnown = true
  const text = format.replace(/%\[((?:[^[\]]|\[[^[\]]*\])*)\]|%%/g, (all, sample?: string) => {
    if (sample === undefined) return all === '%%' ? '%' : all
    const variable = variableOf(sample)
    isKnown &&= variable !== null
    return `\${${variable?.slice(1) ?? ''}}`
  })
  return isKnown ? text : null
}
