import { nearest } from '../diagnostics/suggest.ts'

/** The keys of the spec that hold a secret; test/unit/spec/secrets.test.ts compares them with the schema. */
export const secretKeys = ['password', 'encryptionKey'] as const

/** What people call a secret elsewhere, and may well write into a spec. */
const looksSecret = /pass(w|ph|$)|pwd|secret|token|credential|encrypt/i

/** Whether a value below this key must never be shown: slips such as `pasword` included. */
export const isSecretKey = (key: string | number): boolean => {
  if (typeof key === 'number') return false
  if (looksSecret.test(key)) return true
  return key.length >= 5 && key.length <= 16 && nearest(key, secretKeys) !== null
}

/** Whether a path leads to a secret or into one. */
export const isSecretPath = (path: readonly (string | number)[]): boolean => path.some(isSecretKey)

/** What a secret is referred to by; these words are no secret themselves. */
export const isReference = (key: string, value: unknown): boolean =>
  (key === 'env' && typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) ||
  (key === 'file' && typeof value === 'string')
