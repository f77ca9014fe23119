import * as z from 'zod'

/**
 * Text that may reach a configuration file: no control character and no half of a surrogate
 * pair, because no dialect can carry those in every context.
 */
export const text = z
  .string()
  .min(1, 'must not be empty')
  .max(8192, 'must not be longer than 8,192 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold a control character (line end, tab, NUL, …)')

const matching = (pattern: RegExp, form: string) => z.string().regex(pattern, `must be ${form}`)

export const clusterName = matching(
  /^[a-z][a-z0-9-]{0,62}$/,
  'a lower-case letter, then up to 62 lower-case letters, digits or "-"',
)
export const upstreamName = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
  'a letter, then up to 62 letters, digits, "_", "." or "-"',
)
/** Tomcat neither checks nor escapes a route, and `.` ends one: so letters, digits, `_` and `-` only. */
export const routeName = matching(
  /^[A-Za-z0-9_-]{1,32}$/,
  '1 to 32 letters, digits, "_" or "-" (it becomes part of session ids)',
)
export const cookieName = matching(
  /^[A-Za-z0-9_.-]{1,64}$/,
  'a cookie name: 1 to 64 letters, digits, "_", "." or "-"',
)
export const parameterName = matching(
  /^[A-Za-z0-9_.-]{1,64}$/,
  'a parameter name: 1 to 64 letters, digits, "_", "." or "-"',
)
export const headerName = matching(
  /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/,
  'a header name (letters, digits, "-", …)',
)
export const zoneName = matching(
  /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
  'a letter, then up to 62 letters, digits, "_", "." or "-"',
)
export const cookieDomain = matching(
  /^\.?[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/,
  'a domain such as "shop.example.com" or ".example.com"',
)
export const cookiePath = matching(
  /^\/[^\p{Cc}\p{Cs};, "\\]{0,254}$/u,
  'a path that starts with "/", without spaces, ";", ",", quotes or backslashes',
)
export const duration = matching(
  /^(0|[1-9]\d{0,8})(ms|s|m|h|d)$/,
  'a duration with its unit: 500ms, 10s, 5m, 1h or 1d',
)
/** Up to 1 GiB: that is millions of servers or sessions, and every server reserves it when it starts. */
export const size = matching(
  /^([1-9]\d{0,8}|[1-9]\d{0,5}[kK]|([1-9]\d{0,2}|10[01]\d|102[0-4])[mM])$/,
  'a size up to 1024m: 64k, 1m or a number of bytes',
)
export const version = matching(
  /^(\d{1,4}(\.\d{1,4}){0,2}|installed)$/,
  'a version such as "1.26.3" (in quotes), or "installed"',
)
export const appVersion = matching(
  /^\d{1,4}(\.\d{1,4}){0,2}$/,
  'a version such as "9.0.122" (in quotes)',
)
/** `host:port`, `[v6]:port` or `unix:/path`; what the parts may be, model/address.ts says. */
export const serverAddress = matching(
  /^(unix:\/[A-Za-z0-9_./@+-]{1,100}|(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?):\d{1,5})$/,
  '"host:port", "[ipv6]:port" or "unix:/path"',
)
export const listenAddress = matching(
  /^(unix:\/[A-Za-z0-9_./@+-]{1,100}|(\[[0-9A-Fa-f:.]+\]|\*|[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?):\d{1,5}|\d{1,5})$/,
  'a port, "address:port", "[ipv6]:port", "*:port" or "unix:/path"',
)
export const network = matching(
  /^([0-9]{1,3}(\.[0-9]{1,3}){3}(\/\d{1,2})?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(\/\d{1,3})?)$/,
  'an address or a network: "10.0.0.1", "10.0.0.0/8" or "2001:db8::/32"',
)
export const port = z.number().int().min(1).max(65535)
export const filePath = matching(
  /^[^\p{Cc}\p{Cs}]{1,1024}$/u,
  'a file path without control characters',
)

/** `off`, `syslog:` and `|program` mean something else to a server than a file. */
export const logPath = matching(
  /^(?!off$)[A-Za-z0-9_.@+/-]{1,1024}$/,
  'a file path of letters, digits and "_.@+/-"',
)

export const sameSite = z.enum(['strict', 'lax', 'none'])

/** A secret stays out of the spec: the name of an environment variable or of a file that holds it. */
export const secret = z
  .union([
    z.strictObject({
      env: matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable').describe(
        'environment variable that holds it',
      ),
    }),
    z.strictObject({ file: filePath.describe('file that holds it') }),
    text,
  ])
  .describe('{ env: NAME } or { file: path }; a literal secret works but is a warning')
