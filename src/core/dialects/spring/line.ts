import type { Version } from '../../model/version.ts'

/** The lines of Spring Boot whose properties are known here. */
export type Line = '2.7' | '3' | '4'

/** null for any other. */
export const lineOf = ({ parts: [major, minor] }: Version): Line | null => {
  if (major === 2) return minor === 7 ? '2.7' : null
  return major === 3 ? '3' : major === 4 ? '4' : null
}
