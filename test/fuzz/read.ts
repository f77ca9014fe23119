/**
 * Reads one input: it may refuse it in a value, and throws for a fault only.
 * @param folder an empty one at first, for what is written.
 */
export type Read = (bytes: Buffer, folder: string) => void | Promise<void>
