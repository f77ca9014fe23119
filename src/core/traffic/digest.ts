import { createHash } from 'node:crypto'

/** As a content security policy wants it. */
export const base64Sha256 = (text: string): string =>
  createHash('sha256').update(text).digest('base64')
