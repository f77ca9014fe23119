import { fstatSync, writeSync } from 'node:fs'
import { IoError, UsageError } from '../errors.ts'

/** Standard output, standard error. */
export type Descriptor = 1 | 2

/** process.stdout and process.stderr load streams, for a pipe sockets too: 2 ms that most runs do not need. */
const streamOf = (descriptor: Descriptor): NodeJS.WriteStream =>
  descriptor === 1 ? process.stdout : process.stderr

export const isTerminal = (descriptor: Descriptor): boolean =>
  fstatSync(descriptor).isCharacterDevice() && streamOf(descriptor).isTTY === true

/** null: it is no terminal, or the terminal does not say. */
export const columnsOf = (descriptor: Descriptor): number | null =>
  isTerminal(descriptor) ? streamOf(descriptor).columns || null : null

/** --no-color, then FORCE_COLOR, then NO_COLOR, then whether it is a terminal that can. */
export const wantsColour = (
  descriptor: Descriptor,
  argv: readonly string[],
  { FORCE_COLOR, NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (argv.includes('--no-color')) return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return TERM !== 'dumb' && isTerminal(descriptor)
}

const mostInput = 8 * 1024 * 1024

/**
 * Standard input, whole; rejects when the signal is aborted before its end.
 * @throws IoError when it is larger than 8 MiB.
 */
export const readAll = async (signal: AbortSignal): Promise<Uint8Array> => {
  const { stdin } = process
  if (stdin.isTTY)
    process.stderr.write('reading the spec from the terminal; end the input with Ctrl-D\n')
  signal.addEventListener('abort', () => stdin.destroy(signal.reason), { once: true })
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > mostInput) throw new IoError('standard input is larger than 8 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Asks on the terminal; null where there is none. */
export const questions = (signal: AbortSignal): ((question: string) => Promise<string>) | null =>
  process.stdin.isTTY && isTerminal(2)
    ? async (question) => {
        const { createInterface } = await import('node:readline/promises')
        const terminal = createInterface({ input: process.stdin, output: process.stderr })
        try {
          return await new Promise<string>((resolve, reject) => {
            // The terminal is in raw mode: Ctrl-C is a key, and Ctrl-D closes.
            terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
            terminal.once('close', () =>
              reject(
                new UsageError('the input ended before all questions were answered', {
                  help: 'answer with options instead: see sessctl help init',
                }),
              ),
            )
            terminal.question(question, { signal }).then(resolve, reject)
          })
        } finally {
          terminal.close()
        }
      }
    : null

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

const throughStream = (descriptor: Descriptor, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    const stream = streamOf(descriptor)
    stream.once('error', (error) => (codeOf(error) === 'EPIPE' ? resolve() : reject(error)))
    stream.write(bytes, () => resolve())
  })

/** Returns when the text is out. A pipe that nobody reads any more is no failure. */
export const write = async (descriptor: Descriptor, text: string): Promise<void> => {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written)
  } catch (error) {
    if (codeOf(error) === 'EPIPE') return
    // Somebody else made the pipe non-blocking, and it is full: the stream waits for it.
    if (codeOf(error) === 'EAGAIN') return throughStream(descriptor, bytes.subarray(written))
    throw error
  }
}
