import type { WriteStream } from 'node:tty'

/** --no-color, then FORCE_COLOR, then NO_COLOR, then whether the stream is a terminal that can. */
export const wantsColour = (stream: WriteStream, argv: readonly string[]): boolean => {
  if (argv.includes('--no-color')) return false
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return stream.isTTY === true && TERM !== 'dumb'
}

/** Standard input, whole. */
export const readAll = async (): Promise<Uint8Array> => {
  if (process.stdin.isTTY)
    process.stderr.write('reading the spec from the terminal; end it with Ctrl-D\n')
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** Waits until the text is out: a pipe that nobody reads any more is no failure. */
export const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (text === '') {
      resolve()
      return
    }
    stream.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? resolve() : reject(error),
    )
    stream.write(text, () => resolve())
  })
