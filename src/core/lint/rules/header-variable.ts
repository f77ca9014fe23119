import { atValue } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

/** `$scheme` and `${scheme}` of nginx, `%[src]` of HAProxy, `%{REMOTE_ADDR}s` of httpd. */
const variable = /\$\{?[A-Za-z_]\w*\}?|%\[[\w.]+[^\]]*\]|%\{[\w:-]+\}[a-z]?/

/** What the proxied request has anyway. */
const sentAnyway: readonly (readonly [what: RegExp, header: string])[] = [
  [/scheme|https|ssl_fc|request_scheme/i, 'X-Forwarded-Proto'],
  [/remote_addr|\bsrc\b|forwarded_for|realip/i, 'X-Forwarded-For'],
  [/host|server_name/i, 'Host'],
]

export const headerVariable: ListingRule = ({ frontends }) =>
  frontends.flatMap(({ headers }) =>
    headers.flatMap(({ value, path }) => {
      const [found] = variable.exec(value) ?? []
      if (found === undefined) return []
      const header = sentAnyway.find(([what]) => what.test(found))?.[1]
      return [
        report(
          'header-variable',
          atValue(path),
          `the value of a header is text: "${found}" would not become the value of a variable`,
          header === undefined
            ? 'remove this header, or write a value without variables'
            : `remove this header, because every target sends ${header} already`,
        ),
      ]
    }),
  )
