/** What decides how git writes a file of a commit into a work tree (gitattributes(5)). */
export interface Checkout {
  /** Values as `git check-attr` prints them: `set`, `unset`, `unspecified` or a word. */
  readonly text: string
  /** The old name of `text`. */
  readonly crlf: string
  readonly eol: string
  readonly encoding: string
  /** core.autocrlf and core.eol; null when not set. */
  readonly autocrlf: string | null
  readonly coreEol: string | null
  /** Whether lines of this system end with CRLF. */
  readonly isWindows: boolean
}

/** Which files get CRLF. */
type LineEnds = 'none' | 'all' | 'text'

const usesCrlf = ({ autocrlf, coreEol, isWindows }: Checkout): boolean => {
  if (autocrlf === 'true' || autocrlf === 'input') return autocrlf === 'true'
  return coreEol === null || coreEol === 'native' ? isWindows : coreEol === 'crlf'
}

const lineEnds = (checkout: Checkout): LineEnds => {
  const { eol, autocrlf } = checkout
  const text = checkout.text === 'unspecified' ? checkout.crlf : checkout.text
  if (text === 'unset' || text === 'input') return 'none'
  const isText = text === 'set'
  const isAuto = text === 'auto'
  if (eol === 'lf') return 'none'
  if (eol === 'crlf') return isAuto ? 'text' : 'all'
  if (isText) return usesCrlf(checkout) ? 'all' : 'none'
  if (isAuto) return usesCrlf(checkout) ? 'text' : 'none'
  return autocrlf === 'true' ? 'text' : 'none'
}

const [lf, cr, endOfFile] = [0x0a, 0x0d, 0x1a]
const printableControls = new Set([0x08, 0x09, 0x0c, 0x1b])

/** Binary files, and those that have a CR already, keep their line ends. */
const isPlainText = (bytes: Uint8Array): boolean => {
  if (bytes.includes(0) || bytes.includes(cr)) return false
  let [printable, others] = [0, bytes.at(-1) === endOfFile ? -1 : 0]
  for (const byte of bytes) {
    if (byte === lf) continue
    if (byte === 0x7f || (byte < 0x20 && !printableControls.has(byte))) others++
    else printable++
  }
  return printable >> 7 >= others
}

const withCrlf = (bytes: Uint8Array): Uint8Array => {
  const isBare = (at: number): boolean => bytes[at] === lf && bytes[at - 1] !== cr
  let bare = 0
  for (let at = 0; at < bytes.length; at++) if (isBare(at)) bare++
  // No list of numbers: that takes eight times as much memory.
  const written = new Uint8Array(bytes.length + bare)
  let to = 0
  for (let at = 0; at < bytes.length; at++) {
    if (isBare(at)) written[to++] = cr
    written[to++] = bytes[at] ?? 0
  }
  return written
}

const swapped = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()

const encoders: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  UTF8: (text) => Buffer.from(text, 'utf8'),
  'UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16BE': swapped,
  'UTF-16LE-BOM': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE-BOM': (text) => swapped(`\ufeff${text}`),
}

/**
 * The bytes of a blob as git would write them into a work tree, without running what a repository's
 * attributes may name (filters).
 * @returns null for a working-tree-encoding that is not UTF-8 or UTF-16.
 */
export const workingTreeForm = (blob: Uint8Array, checkout: Checkout): Uint8Array | null => {
  const ends = lineEnds(checkout)
  const bytes = ends === 'all' || (ends === 'text' && isPlainText(blob)) ? withCrlf(blob) : blob
  const { encoding } = checkout
  if (bytes.length === 0 || encoding === 'unspecified' || encoding === 'unset') return bytes
  const encode = encoders[encoding.toUpperCase()]
  return encode === undefined ? null : encode(new TextDecoder().decode(bytes))
}
