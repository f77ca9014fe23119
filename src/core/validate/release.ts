import type { Version } from '../model/version.ts'

/** Whether a release is the one written in the spec, as far as that goes: 2.6.12 is "2.6". */
export const isRelease = (installed: string, { text }: Version): boolean =>
  installed === text || installed.startsWith(`${text}.`)
