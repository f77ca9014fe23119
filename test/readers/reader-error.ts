/** A text that the real program would refuse, with the line (from 1) at which it would say so. */
export class ReaderError extends Error {
  override readonly name = 'ReaderError'
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}
