import * as z from 'zod'
import { firstInvisible, withoutInvisible } from '../invisible.ts'

interface Spelling {
  readonly most: number
  readonly pattern: RegExp
  /** Ends the sentence "must be …". */
  readonly form: string
}

/**
 * Text that may reach a configuration file: no control character and no half of a surrogate pair,
 * because no dialect can carry those in every context. Of several rules that a value breaks, the
 * first one is reported.
 */
const anyTextOf = (most: number) =>
  z
    .string()
    .min(1, { error: 'must not be empty', abort: true })
    .max(most, { error: `must not be longer than ${String(most)} characters`, abort: true })
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, {
      error: 'must not contain a control character (line end, tab, NUL, …)',
      abort: true,
    })

const textOf = (most: number) =>
  anyTextOf(most).regex(withoutInvisible, {
    error: ({ input }) =>
      `must not contain the invisible character ${firstInvisible(String(input))}`,
    abort: true,
  })

export const text = textOf(8192)

/** Several lines of a configuration language; the longest are a few hundred lines. */
export const snippetText = z
  .string()
  .min(1, { error: 'must not be empty', abort: true })
  .max(65_536, { error: 'must not be longer than 65536 characters', abort: true })
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, {
    error: 'must not contain a control character other than line ends and tabs',
    abort: true,
  })
  .regex(withoutInvisible, {
    error: ({ input }) =>
      `must not contain the invisible character ${firstInvisible(String(input))}`,
    abort: true,
  })

/** A secret can contain invisible characters: it was generated elsewhere. */
const secretText = anyTextOf(8192)

/** Length and control characters have their own messages; `form` describes the allowed characters. */
export const matching = ({ most, pattern, form }: Spelling) =>
  textOf(most).regex(pattern, `must be ${form}`)

export const clusterName = matching({
  most: 63,
  pattern: /^[a-z][a-z0-9-]*$/,
  form: 'a lower-case letter, then lower-case letters, digits or "-"',
})
export const upstreamName = matching({
  most: 63,
  pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/,
  form: 'a letter, then letters, digits, "_", "." or "-"',
})
/** Tomcat neither checks nor escapes a route, and `.` ends one: so letters, digits, `_` and `-` only. */
export const routeName = matching({
  most: 32,
  pattern: /^[A-Za-z0-9_-]+$/,
  form: 'letters, digits, "_" or "-" (it becomes part of session ids)',
})
/** A host name; model/route.ts derives a route from it. */
export const serverName = matching({
  most: 253,
  pattern: /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
  form: 'letters, digits, "_" or "-", with single dots between them',
})
export const cookieName = matching({
  most: 64,
  pattern: /^[A-Za-z0-9_.-]+$/,
  form: 'a cookie name of letters, digits, "_", "." or "-"',
})
export const parameterName = matching({
  most: 64,
  pattern: /^[A-Za-z0-9_.-]+$/,
  form: 'a parameter name of letters, digits, "_", "." or "-"',
})
export const headerName = matching({
  most: 64,
  pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
  form: 'a header name of letters, digits and "!#$%&\'*+-.^_`|~", without the colon',
})
export const zoneName = matching({
  most: 63,
  pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/,
  form: 'a letter, then letters, digits, "_", "." or "-"',
})
export const cookieDomain = matching({
  most: 255,
  pattern: /^\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  form: 'a domain of letters, digits, "-" and ".", such as "shop.example.com" or ".example.com"',
})
/** A name of OpenSSL: colons would begin another one. */
export const cipher = matching({
  most: 64,
  pattern: /^[A-Z][A-Za-z0-9_-]*$/,
  form: 'the name of a cipher suite in OpenSSL, such as ECDHE-RSA-AES128-GCM-SHA256',
})
export const cookiePath = matching({
  most: 255,
  pattern: /^\/[^;, "\\]*$/u,
  form: 'a path that starts with "/", without spaces, ";", ",", double quotes or backslashes',
})
/** In its expressions, HAProxy's lines of 2048 bytes hold a path of this length. */
export const longestMappedPath = 128
/** A path that has the same bytes in URLs, cookies, expressions and the languages of all proxies. */
export const mappedPath = matching({
  most: longestMappedPath,
  pattern: /^\/(?:(?!\.\.?\/)[A-Za-z0-9._~-]+\/)*$/,
  form: 'a path that starts and ends with "/", of letters, digits and "._~-"',
})
const durationForm =
  'a duration: a whole number of at most 9 digits and its unit, such as 500ms, 10s, 5m, 1h or 1d'
const durationPattern = /^(0|[1-9]\d{0,8})(ms|s|m|h|d)$/
export const duration = matching({ most: 16, pattern: durationPattern, form: durationForm })
/** Sessions that never end, and times beyond 31 years, overflow somewhere. */
export const lifetime = matching({
  most: 16,
  pattern: /^([1-9]\d{0,8}(ms|s)|[1-9]\d{0,6}m|[1-9]\d{0,4}h|[1-9]\d{0,3}d)$/,
  form: 'a duration above 0 and its unit, such as 90s, 30m, 8h or 14d, up to 9999d',
})
/** A duration above 0 for settings that count whole seconds in every target. */
export const wholeSeconds = matching({
  most: 16,
  pattern: /^([1-9]\d{0,8}s|[1-9]\d{0,6}m|[1-9]\d{0,4}h|[1-9]\d{0,3}d)$/,
  form: 'a duration above 0 and its unit, such as 90s, 30m, 8h or 1d',
})
/** A duration above 0: for a proxy, a timeout of 0 is either none or one that always expires. */
export const timeout = matching({
  most: 16,
  pattern: /^[1-9]\d{0,8}(ms|s|m|h|d)$/,
  form: 'a duration above 0: a whole number of at most 9 digits and its unit, such as 500ms, 10s, 5m, 1h or 1d',
})
/** For fields that also allow the word `max`. */
export const durationOrMax = matching({
  most: 16,
  pattern: durationPattern,
  form: `${durationForm}; or max`,
})
/** Up to 1 GiB, enough for millions of servers or sessions: nginx reserves the memory when it starts. */
export const size = matching({
  most: 16,
  pattern: /^([1-9]\d{0,8}|[1-9]\d{0,5}[kK]|([1-9]\d{0,2}|10[01]\d|102[0-4])[mM])$/,
  form: 'a size up to 1024m without leading zeros: 64k, 1m, or a number of bytes of at most 9 digits',
})
/** Of the headers of one message. */
export const headerSize = matching({
  most: 4,
  pattern: /^([1-9]\d?|[1-4]\d\d|50\d|51[0-2])k$/,
  form: 'a size from 1k to 512k, such as 16k',
})
export const requestRate = matching({
  most: 8,
  pattern: /^[1-9]\d{0,5}\/[sm]$/,
  form: 'a number of requests per second or minute: 10/s or 30/m',
})
export const mediaType = matching({
  most: 127,
  pattern: /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/,
  form: 'a media type in lower case, such as application/json',
})
/** Up to 9999 GiB. */
export const bodySize = matching({
  most: 16,
  pattern: /^([1-9]\d{0,8}|[1-9]\d{0,5}[kK]|[1-9]\d{0,5}[mM]|[1-9]\d{0,3}[gG]|unlimited)$/,
  form: 'a size without leading zeros: 64k, 20m, 4g, or a number of bytes of at most 9 digits; or unlimited',
})
export const version = matching({
  most: 16,
  pattern: /^(\d{1,4}(\.\d{1,4}){0,2}|installed)$/,
  form: 'one to three numbers of at most 4 digits with dots between, such as "1.26.3" (in quotes), or "installed"',
})
/** NGINX Plus has R31 (with patch levels) and PLS.37.0.4.1, OpenResty has four numbers. */
export const nginxVersion = matching({
  most: 16,
  pattern:
    /^(\d{1,4}(\.\d{1,4}){0,3}|[Rr]?\d{1,3}([ -]?[Pp]\d{1,3})?|([Pp][Ll][Ss]\.|[Rr])\d{2}(\.\d{1,3}){1,3}|installed)$/,
  form: 'one to four numbers of at most 4 digits with dots between, such as "1.26.3" (in quotes), a release of NGINX Plus, such as "R31", or "installed"',
})
export const appVersion = matching({
  most: 16,
  pattern: /^\d{1,4}(\.\d{1,4}){0,2}$/,
  form: 'one to three numbers of at most 4 digits with dots between, such as "9.0.122" (in quotes)',
})
/** `host:port`, `[v6]:port` or `unix:/path`; model/address.ts checks the parts. */
export const serverAddress = matching({
  most: 264,
  pattern:
    /^(unix:\/[A-Za-z0-9_./@+-]{1,100}|(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?):\d{1,5})$/,
  form: '"host:port" (letters, digits, ".", "_", "-"), "[ipv6]:port" or "unix:/path" (up to 101 letters, digits, "_./@+-")',
})
export const listenAddress = matching({
  most: 264,
  pattern:
    /^(unix:\/[A-Za-z0-9_./@+-]{1,100}|(\[[0-9A-Fa-f:.]+\]|\*|[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?):\d{1,5}|\d{1,5})$/,
  form: 'a port, "address:port", "[ipv6]:port", "*:port" or "unix:/path" (up to 101 letters, digits, "_./@+-")',
})
export const network = matching({
  most: 64,
  pattern: /^([0-9]{1,3}(\.[0-9]{1,3}){3}(\/\d{1,2})?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(\/\d{1,3})?)$/,
  form: 'an address or a network in digits: "10.0.0.1", "10.0.0.0/8" or "2001:db8::/32"',
})
export const port = z.number().int().min(1).max(65535)

/** Which program opens the path; `sessctl` and `build-nginx` only open files that a spec may read (commands/named.ts). */
export const pathReaders = z.registry<{ readonly reader: 'sessctl' | 'build-nginx' | 'server' }>()

/** A file that sessctl reads. */
export const readPath = textOf(1024).register(pathReaders, { reader: 'sessctl' })

/** A file on the host of a server; sessctl only writes its path into configuration. */
export const filePath = textOf(1024).register(pathReaders, { reader: 'server' })

/** A page on the host of a proxy, by the extension of its type. */
export const pageFile = matching({
  most: 1024,
  pattern: /^\/[^$]*\.(html|json|txt)$/,
  form: 'an absolute path that ends with .html, .json or .txt, without "$"',
}).register(pathReaders, { reader: 'server' })

/** A folder on the host of a server. */
export const folderPath = textOf(8192).register(pathReaders, { reader: 'server' })

/** A source of a build: a path, or one of the forms of build-nginx/core/sources. */
export const buildPath = textOf(8192).register(pathReaders, { reader: 'build-nginx' })

/** Servers do not read `off`, `syslog:` and `|program` as file paths. */
export const logPath = matching({
  most: 1024,
  pattern: /^(?!off$)[A-Za-z0-9_.@+/-]+$/,
  form: 'a file path of letters, digits and "_.@+/-", and not "off"',
}).register(pathReaders, { reader: 'server' })

/** An nginx variable. */
export const variable = matching({
  most: 64,
  pattern: /^\$[A-Za-z0-9_]+$/,
  form: 'a variable of "$" and letters, digits or "_", such as $cookie_route',
})

export const sameSite = z.enum(['strict', 'lax', 'none'])
export type SameSite = z.output<typeof sameSite>

/** A reference to a secret outside of the spec: an environment variable or a file. */
export const secret = z
  .union([
    z.strictObject({
      env: matching({
        most: 128,
        pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
        form: 'the name of an environment variable: letters, digits and "_", not starting with a digit',
      }).describe('environment variable with the secret'),
    }),
    z.strictObject({ file: filePath.describe('file with the secret') }),
    secretText,
  ])
  .describe('{ env: NAME } or { file: path }; a literal secret is accepted with a warning')
