/** What is wrong with the form of a text, in UTF-16 offsets; it never quotes a value, which may be a secret. */
export interface Mistake {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly help: string
}
