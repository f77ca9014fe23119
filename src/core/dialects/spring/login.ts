import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { RedisStore } from '../../model/store.ts'
import { atLeast, type Version } from '../../model/version.ts'
import { report } from './codes.ts'

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Lettuce sends logins in UTF-8 since the release that Spring Boot 3.5 brings. */
const sendsUtf8 = (boot: Version): boolean => atLeast(boot, '3.5.0')

/** The spec knows a literal secret only; what stands in a variable or a file may be anything. */
export const loginProblems = (
  { username, password, path }: RedisStore,
  boot: Version,
): readonly Diagnostic[] => {
  if (sendsUtf8(boot)) return []
  const texts = [
    ['username', username],
    ['password', password?.kind === 'literal' ? password.value : null],
  ] as const
  return texts.flatMap(([key, text]) =>
    text === null || isAscii(text)
      ? []
      : [
          report(
            'spring-login-text',
            atValue([...path, key]),
            `the Redis client of Spring Boot ${boot.text} cannot send a ${key} with characters outside of ASCII`,
            `use Spring Boot 3.5 or later, or a ${key} of ASCII characters`,
          ),
        ],
  )
}
