/** What a file configures. */
export const fileKinds = ['spec', 'nginx', 'haproxy', 'httpd', 'tomcat'] as const
export type FileKind = (typeof fileKinds)[number]

const byName: readonly (readonly [RegExp, FileKind])[] = [
  [/\.(?:ya?ml|json)$/i, 'spec'],
  [/\.xml(?:\.\w+)?$/i, 'tomcat'],
  [/haproxy|\.cfg(?:\.\w+)*$/i, 'haproxy'],
  [/nginx/i, 'nginx'],
  [/httpd|apache/i, 'httpd'],
]

/** Lines that only one of the languages has. */
const byContent: readonly (readonly [RegExp, FileKind])[] = [
  [/^\uFEFF?\s*(?:<\?xml\b|<!--|<(?:Server|Context|web-app)\b)/, 'tomcat'],
  [/^\s*<(?:VirtualHost|Proxy|Location|IfModule|IfDefine|Directory)\b/im, 'httpd'],
  [/^\s*(?:ProxyPass|LoadModule|BalancerMember|ServerName)\s/im, 'httpd'],
  [/^\s*(?:http|events|server|upstream\s+\S+|location\s+[^{}\n]+)\s*\{(?![{%])/m, 'nginx'],
  [/^\s*(?:proxy_pass|proxy_set_header|listen|server_name)\s[^\n]*;/m, 'nginx'],
  [/^(?:frontend|backend)[ \t]+\S|^(?:global|defaults|listen\s+\S+)[ \t]*(?:#.*)?\r?$/m, 'haproxy'],
  [/^version:\s*1\s*(?:#.*)?\r?$/m, 'spec'],
]

const of = (text: string, table: readonly (readonly [RegExp, FileKind])[]): FileKind | null =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? null

/**
 * What a file configures, by its content, else by its name; a spec by its name first, since its
 * snippets have lines of other languages.
 * @returns null where neither says it.
 */
export const kindOf = (file: string, text: string): FileKind | null => {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const named = of(name, byName)
  return named === 'spec' ? named : (of(text, byContent) ?? named)
}
