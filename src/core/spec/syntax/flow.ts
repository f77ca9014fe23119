import { quotedKey } from '../known-keys.ts'
import type { Mistake } from './mistake.ts'

interface Bracket {
  readonly open: '[' | '{'
  readonly at: number
  /** Indentation of its line. */
  readonly indent: number
  /** Start of the current item; null: nothing of the item is read yet. */
  itemAt: number | null
  hasColon: boolean
}

/** The result of reading the brackets and quotes of a text. */
export interface Scan {
  readonly mistake: Mistake | null
  /** Starts of lines that begin within brackets, quotes or a block of text. */
  readonly inner: ReadonlySet<number>
}

const closerOf = { '[': ']', '{': '}' } as const
const keyLine = /^[ \t]*(?:- +)*[\w.-]+:(?:[ \t]|\r?$)/

const lineEndAt = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

const leadOf = (text: string, from = 0): number => {
  let at = from
  while (text[at] === ' ') at++
  return at - from
}

const one = (at: number, message: string, help: string): Mistake => ({
  start: at,
  end: at + 1,
  message,
  help,
})

const unclosed = (open: '[' | '{', at: number): Mistake =>
  one(at, `this "${open}" is not closed`, `write the closing "${closerOf[open]}"`)

/** The offset after the closing quote; null: the quote is not closed on its line, and keys follow. */
const quoteEnd = (text: string, start: number): number | null => {
  const quote = text[start]
  let at = start + 1
  for (; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (quote === "'" && text[at] === "'" && text[at + 1] === "'") at++
    else if (text[at] === quote) return at + 1
    else if (text[at] === '\n' && keyLine.test(text.slice(at + 1, lineEndAt(text, at + 1))))
      return null
  }
  return null
}

/** A text is read once from the start to the first mistake in its brackets, quotes and commas. */
class Reader {
  readonly inner = new Set<number>()
  private indent: number
  private readonly stack: Bracket[] = []
  private at = 0
  /** A bracket or a quote was closed: only a separator may follow. */
  private after: 'quote' | 'bracket' | null = null
  private inPlain = false
  private readonly text: string

  constructor(text: string) {
    this.text = text
    this.indent = leadOf(text)
  }

  read(): Mistake | null {
    while (this.at < this.text.length) {
      const mistake = this.step()
      if (mistake !== null) return mistake
    }
    const open = this.stack.at(-1)
    return open ? unclosed(open.open, open.at) : null
  }

  private step(): Mistake | null {
    const char = this.text.charAt(this.at)
    const before = this.at === 0 ? '\n' : this.text.charAt(this.at - 1)
    if (char === '\n') return this.lineEnd()
    if (/\s/.test(char)) return this.advance(1)
    if (char === '#' && /\s/.test(before))
      return this.advance(lineEndAt(this.text, this.at) - this.at)
    const isColon = char === ':' && (this.after !== null || !/[^\s,[\]{}]/.test(this.next()))
    if (isColon) return this.colon()
    if (char === ',' && this.stack.length > 0) return this.comma()
    if ((char === ']' || char === '}') && !(this.inPlain && this.stack.length === 0))
      return this.close(char)
    if (this.after !== null) return this.unexpected()
    if (this.inPlain) return this.advance(1)
    if (char === '"' || char === "'") return this.quote()
    if (char === '[' || char === '{') return this.open(char)
    if (/[|>]/.test(char) && this.stack.length === 0) return this.block()
    if (char === '-' && /\s/.test(this.next())) return this.advance(1)
    this.begin()
    this.inPlain = true
    return this.advance(1)
  }

  private next(): string {
    return this.text.charAt(this.at + 1) || '\n'
  }

  private advance(count: number): null {
    this.at += count
    return null
  }

  private begin(): void {
    const top = this.stack.at(-1)
    if (top) top.itemAt ??= this.at
  }

  private lineEnd(): Mistake | null {
    const start = ++this.at
    this.indent = leadOf(this.text, start)
    const top = this.stack.at(-1)
    const [outer] = this.stack
    if (top === undefined || outer === undefined) {
      this.after = null
      this.inPlain = false
      return null
    }
    this.inner.add(start)
    const line = this.text.slice(start, lineEndAt(this.text, start))
    const isOutside = keyLine.test(line) && this.indent <= outer.indent
    return isOutside && outer.at > this.indent ? unclosed(top.open, top.at) : null
  }

  private colon(): Mistake | null {
    const top = this.stack.at(-1)
    if (top?.hasColon === true) {
      const word =
        /[^\s,[\]{}]*$/.exec(this.text.slice(Math.max(0, this.at - 64), this.at))?.[0] ?? ''
      return this.missingComma(this.at - word.length, word)
    }
    if (top) top.hasColon = true
    this.after = null
    this.inPlain = false
    return this.advance(1)
  }

  private missingComma(start: number, word: string): Mistake {
    return {
      start,
      end: start + Math.max(1, word.length),
      message: `missing comma before ${quotedKey(word) ?? 'this entry'}`,
      help: 'write "," between two entries',
    }
  }

  private comma(): Mistake | null {
    const top = this.stack.at(-1)
    if (top?.itemAt === null)
      return one(this.at, 'there is no entry before this comma', 'remove it')
    if (top) Object.assign(top, { itemAt: null, hasColon: false })
    this.after = null
    this.inPlain = false
    return this.advance(1)
  }

  private open(open: '[' | '{'): Mistake | null {
    if (open === '{' && this.next() === '{')
      return one(
        this.at,
        '"{{" is a placeholder of a template, not a value',
        'render the template first, and run sessctl on the result',
      )
    this.begin()
    this.stack.push({ open, at: this.at, indent: this.indent, itemAt: null, hasColon: false })
    return this.advance(1)
  }

  private close(closer: ']' | '}'): Mistake | null {
    const top = this.stack.pop()
    const isRepeated = this.after === 'bracket' && this.text[this.at - 1] === closer
    if (top === undefined || (isRepeated && closerOf[top.open] !== closer))
      return one(this.at, `this "${closer}" has no opening bracket`, 'remove it')
    if (closerOf[top.open] !== closer)
      return one(
        top.at,
        `this "${top.open}" is closed by "${closer}"`,
        `close it with "${closerOf[top.open]}"`,
      )
    this.after = 'bracket'
    this.inPlain = false
    return this.advance(1)
  }

  private quote(): Mistake | null {
    const start = this.at
    const end = quoteEnd(this.text, start)
    const mark = this.text.charAt(start)
    if (end === null)
      return one(
        start,
        `this ${mark} is not closed on its line`,
        `write ${mark} at the end of the value`,
      )
    this.begin()
    for (let at = start; at < end; at++) if (this.text[at] === '\n') this.inner.add(at + 1)
    this.after = 'quote'
    return this.advance(end - start)
  }

  private unexpected(): Mistake {
    const word = /^[\w.-]*/.exec(this.text.slice(this.at, this.at + 64))?.[0] ?? ''
    if (this.stack.length > 0 && this.text.charAt(this.at - 1) !== '"')
      return this.missingComma(this.at, word)
    return one(
      this.at,
      `text follows the closing ${this.after ?? 'quote'}`,
      this.after === 'quote'
        ? 'put the whole value in quotes, with a \\ before each " in it'
        : 'move the text to its own line, or remove it',
    )
  }

  /** `key: |`: the deeper lines below are text. */
  private block(): Mistake | null {
    const end = lineEndAt(this.text, this.at)
    if (!/^[|>][-+\d]*[ \t]*(?:#.*)?\r?$/.test(this.text.slice(this.at, end)))
      return one(
        this.at,
        `"${this.text.charAt(this.at)}" starts a block of text, which must start on the next line`,
        'put the value in quotes, or write it on the next line',
      )
    const { indent } = this
    this.at = end
    while (this.at < this.text.length) {
      const start = this.at + 1
      const line = this.text.slice(start, lineEndAt(this.text, start))
      if (line.trim() !== '' && leadOf(line) <= indent) break
      this.inner.add(start)
      this.at = start + line.length
    }
    return null
  }
}

export const scan = (text: string): Scan => {
  const reader = new Reader(text)
  const mistake = reader.read()
  return { mistake, inner: reader.inner }
}
