import { looksLikeTemplate } from '../../config/looks-like-template.ts'

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

/** Lines of the language: files of other programs have such names, too (nginx_logrotate.conf, nagios.cfg). */
const likely: Readonly<Partial<Record<FileKind, RegExp>>> = {
  nginx: /;[ \t]*(?:#.*)?\r?$/m,
  haproxy:
    /^\s*(?:global|defaults|frontend|backend|listen|peers|resolvers|userlist|mailers|cache|ring|program|http-errors|fcgi-app|log-forward)\b/m,
  httpd: /^\s*<?[A-Z][A-Za-z]+\b/m,
}

const isLikely = (kind: FileKind, text: string): boolean =>
  text.trim() === '' || looksLikeTemplate(text) || (likely[kind]?.test(text) ?? true)

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
  if (named === 'spec') return named
  return of(text, byContent) ?? (named !== null && isLikely(named, text) ? named : null)
}
