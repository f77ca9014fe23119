import { type ConfigEdit, type ConfigText, editText } from '../text.ts'

/** Collects the edits of several files. */
export class Edits {
  readonly #byPath = new Map<string, ConfigEdit[]>()

  add(path: string, edits: readonly ConfigEdit[]): void {
    const known = this.#byPath.get(path)
    if (known === undefined) this.#byPath.set(path, [...edits])
    else known.push(...edits)
  }

  applied(path: string, { text, encoding }: ConfigText): string {
    const edits = this.#byPath.get(path) ?? []
    return editText(
      text,
      encoding === 'utf-8' ? edits : edits.map((edit) => ({ ...edit, text: inBytes(edit.text) })),
    )
  }
}

/** UTF-8 in a file that is read one character per byte. */
const inBytes = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
