import { createHash } from 'node:crypto'

/** As in a content security policy. */
export const base64Sha256 = (text: string): string =>
  createHash('sha256').update(text).digest('base64')
