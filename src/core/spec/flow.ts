import { stringify } from 'yaml'

/** A key and its value in one line: `affinity: { method: jvm_route }`. */
export const flowLine = (key: string, value: unknown): string =>
  `${key}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()}`
