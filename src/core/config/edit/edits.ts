import { type ConfigEdit, type ConfigText, editText } from '../text.ts'

/** Collects the edits of several files. */
export class Edits {
  readonly #byPath = new Map<string, ConfigEdit[]>()

  add(path: string, edits: readonly ConfigEdit[]): void {
    const known = this.#byPath.get(path)
    if (known === undefined) this.#byPath.set(path, [...edits])
    else known.push(...edits)
  }

  /** The files that change. */
  get paths(): readonly string[] {
    return [...this.#byPath].flatMap(([path, edits]) => (edits.length === 0 ? [] : [path]))
  }

  /** @param more further edits of this text alone. */
  applied(path: string, { text, encoding }: ConfigText, more: readonly ConfigEdit[] = []): string {
    const edits = [...(this.#byPath.get(path) ?? []), ...more]
    return editText(
      text,
      encoding === 'utf-8' ? edits : edits.map((edit) => ({ ...edit, text: inBytes(edit.text) })),
    )
  }
}

/** UTF-8 in a file that is read one character per byte. */
const inBytes = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
