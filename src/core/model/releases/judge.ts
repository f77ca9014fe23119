import { parseVersion, type Version } from '../version.ts'
import { type Product, patchesAhead } from './product.ts'

/** Whether a version exists, and the version that files are written for. */
export type Judgement =
  | { readonly kind: 'known'; readonly version: Version }
  | {
      readonly kind: 'newer'
      /** As written, with the features of the newest known release. */
      readonly version: Version
      readonly last: string
      /** Name of the product in messages. */
      readonly product: string
    }
  | {
      readonly kind: 'unknown'
      /** The proposed release, so that the mistake is reported only once. */
      readonly version: Version
      readonly message: string
      readonly help: string
    }

type Numbers = readonly number[]

const numbersOf = (text: string): Numbers => text.split('.').map(Number)

interface Line {
  /** `1.26` of `1.26.3` */
  readonly numbers: Numbers
  readonly lastPatch: number
  readonly last: string
  readonly isOpen: boolean
}

const lineOf = (last: string, isOpen: boolean): Line => {
  const all = numbersOf(last)
  return { numbers: all.slice(0, -1), lastPatch: all.at(-1) ?? 0, last, isOpen }
}

const compare = (a: Numbers, b: Numbers): number => {
  const index = a.findIndex((number, at) => number !== b[at])
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

const linesOf = ({ ended, open }: Product): readonly Line[] =>
  [...ended.map((last) => lineOf(last, false)), ...open.map((last) => lineOf(last, true))].sort(
    (a, b) => compare(a.numbers, b.numbers),
  )

const startsWith = (whole: Numbers, start: Numbers): boolean =>
  start.every((number, index) => whole[index] === number)

const name = ({ numbers }: Line): string => numbers.join('.')

const known = (text: string): Judgement => ({ kind: 'known', version: parseVersion(text) })

const newer = ({ name: product }: Product, text: string, last: string): Judgement => ({
  kind: 'newer',
  product,
  version: { text, parts: parseVersion(last).parts },
  last,
})

/** Up to this many release lines are listed. */
const mostNamed = 12

const knownLines = (lines: readonly Line[]): string => {
  const names = lines.map(name)
  return names.length <= mostNamed ? names.join(', ') : `${names[0]} to ${names.at(-1)}`
}

/** `1.26` for `1.62`: the second number has its digits reversed. */
const exchanged = ([major = 0, minor = 0]: Numbers, lines: readonly Line[]): Line | undefined => {
  const turned = Number([...String(minor)].reverse().join(''))
  return turned < 10 || turned === minor
    ? undefined
    : lines.find(({ numbers }) => startsWith(numbers, [major, turned]))
}

/** Whether files can be written for the line without another error. */
const isProposed = ({ oldest, skipped }: Product, line: Line): boolean =>
  compare(line.numbers, numbersOf(oldest)) >= 0 && !skipped.includes(name(line))

const proposedLine = (
  product: Product,
  written: Numbers,
  known: readonly Line[],
): Line | undefined => {
  const lines = known.filter((line) => isProposed(product, line))
  const proposed = lines.find(({ last }) => last === product.proposed)
  const ofMajor = lines.filter(({ numbers }) => numbers[0] === written[0])
  return (
    exchanged(written, lines) ??
    (proposed?.numbers[0] === written[0] ? proposed : undefined) ??
    ofMajor.findLast(({ isOpen }) => isOpen) ??
    ofMajor.at(-1) ??
    proposed
  )
}

interface Unknown {
  readonly product: Product
  readonly text: string
  readonly lines: readonly Line[]
}

const unknown = ({ product, text, lines }: Unknown, message: string | null = null): Judgement => {
  const written = numbersOf(text)
  const line = proposedLine(product, written, lines)
  const isShort = written.length <= (line?.numbers.length ?? 0)
  const proposal = line === undefined ? product.proposed : isShort ? name(line) : line.last
  const isLine = written.length === 1 && lines.some(({ numbers }) => startsWith(numbers, written))
  const said = isLine
    ? `"${text}" is not a release line of ${product.name}`
    : `there is no ${product.name} ${text}`
  return {
    kind: 'unknown',
    version: parseVersion(proposal),
    message: message ?? said,
    help: `write version: "${proposal}"; known release lines: ${knownLines(lines)}`,
  }
}

/** A release after the last one of a known line. */
const beyond = (found: Unknown, line: Line): Judgement => {
  const { product, text } = found
  const last = `the last release of ${name(line)}${line.isOpen ? ' known to sessctl' : ''} is ${line.last}`
  const message = `there is no ${product.name} ${text}: ${last}`
  if (!isProposed(product, line)) return unknown(found, message)
  const help = `write version: "${line.last}"`
  return { kind: 'unknown', version: parseVersion(line.last), message, help }
}

const isAhead = (product: Product, written: Numbers, newest: Line): boolean => {
  const [major = 0, minor = 0] = written
  const [newestMajor = 0, newestMinor = 0] = newest.numbers
  const rest = written.slice(2)
  if (!rest.every((number) => number <= patchesAhead)) return false
  if (major === newestMajor) {
    const isLater = compare(written, newest.numbers) > 0
    return isLater && minor <= newestMinor + product.linesAhead
  }
  return product.hasNextMajor && major === newestMajor + 1 && minor <= product.linesAhead
}

/** Whether a release exists, may be newer than this list, or does not exist. */
export const judge = (product: Product, text: string): Judgement => {
  const lines = linesOf(product)
  const newest = lines.at(-1)
  const written = numbersOf(text)
  const depth = newest?.numbers.length ?? 0
  if (newest === undefined || written.length > depth + 1) return unknown({ product, text, lines })
  const line = lines.find(({ numbers }) => startsWith(written, numbers))
  if (line !== undefined) {
    const patch = written[depth] ?? 0
    if (patch <= line.lastPatch) return known(text)
    return line.isOpen && patch <= line.lastPatch + patchesAhead
      ? newer(product, text, line.last)
      : beyond({ product, text, lines }, line)
  }
  const isStart = lines.some(({ numbers }) => startsWith(numbers, written))
  if (isStart && (written.length > 1 || product.majors.includes(written[0] ?? 0)))
    return known(text)
  if (!isStart && isAhead(product, written, newest)) return newer(product, text, newest.last)
  return unknown({ product, text, lines })
}
