import { nearest } from '../diagnostics/suggest.ts'

/** The keys of the spec that hold a secret; test/unit/spec/secrets.test.ts compares them with the schema. */
export const secretKeys = ['password', 'encryptionKey', 'sentinelPassword', 'ajpSecret'] as const

/** Other names of secrets that users may write into a spec. */
const looksSecret = /pass(w|ph|$)|pwd|secret|token|credential|encrypt/i

/** Near to "password", but a usual name of an upstream: that of an authentication library and its services. */
const isPassport = (key: string): boolean => /passport/i.test(key)

/** Whether a value below this key must never be shown; includes typing errors such as `pasword`. */
export const isSecretKey = (key: string | number): boolean => {
  if (typeof key === 'number') return false
  if (looksSecret.test(key)) return true
  if (isPassport(key)) return false
  return key.length >= 5 && key.length <= 16 && nearest(key, secretKeys) !== null
}

/** Whether a path leads to a secret or into one. */
export const isSecretPath = (path: readonly (string | number)[]): boolean => path.some(isSecretKey)

/** Whether a key and its value are a reference to a secret, which is not secret. */
export const isReference = (key: string, value: unknown): boolean =>
  (key === 'env' && typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) ||
  (key === 'file' && typeof value === 'string')
