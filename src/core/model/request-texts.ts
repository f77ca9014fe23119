import type { Frontend } from './cluster.ts'
import type { RequestText } from './request-text.ts'

/** Every text of a frontend and its locations that can contain variables. */
export const requestTextsOf = ({ headers }: Frontend): readonly RequestText[] =>
  headers.map(({ text }) => text)
