/** Placeholders and statements of Jinja, Go templates, Mustache and ERB. */
const closings: Readonly<Record<string, string>> = {
  '{{': '}}',
  '{%': '%}',
  '{#': '#}',
  '<%': '%>',
}

/** Where a text occurs next; the whole text is searched once, when the first question is asked. */
const nextOf = (text: string, wanted: string): ((from: number) => number) => {
  let found: number[] | null = null
  const all = (): readonly number[] => {
    if (found !== null) return found
    found = []
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) found.push(at)
    return found
  }
  return (from) => {
    const places = all()
    let [low, high] = [0, places.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places[middle] ?? 0) < from) low = middle + 1
      else high = middle
    }
    return places[low] ?? Number.POSITIVE_INFINITY
  }
}

/** Words with which a statement of a Go template begins, a comment, and the signs of Mustache. */
const goStatement =
  /\{\{-?\s*(?:\/\*|[#^/>!]|(?:if|else|end|range|with|define|template|block|break|continue)\b)/y

/** `${NAME}`, which envsubst replaces. */
const environment = /\$\{\w+\}/y

const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32]

/** Finds the parts of a template. */
export interface Placeholders {
  /**
   * The end of a placeholder that begins at an offset within a word; null: none does.
   * `{{` and `{#` must end on their line, so that a block that begins so by accident is not lost.
   */
  readonly endInWord: (at: number) => number | null
  /** The same in quotes: every placeholder must end on its line. */
  readonly endInQuotes: (at: number) => number | null
  /**
   * The end of a statement of the template language at a place where a directive could begin: text
   * that is neither a directive nor part of one. A value such as `{{ options }}` is a statement if
   * nothing else is on its line; `{{ name }} value;` is a directive.
   */
  readonly statementEnd: (at: number) => number | null
}

/** For nginx itself, which knows no template language. */
export const noPlaceholders: Placeholders = {
  endInWord: () => null,
  endInQuotes: () => null,
  statementEnd: () => null,
}

export const placeholdersIn = (text: string): Placeholders => {
  const lineEnd = nextOf(text, '\n')
  const next = new Map(
    [...Object.values(closings), '}}}'].map((close) => [close, nextOf(text, close)]),
  )
  const endOf = (at: number, isOnLine: boolean): number | null => {
    const open = text.slice(at, at + 2)
    const close = text.startsWith('{{{', at) ? '}}}' : closings[open]
    if (close === undefined) return null
    const end = next.get(close)?.(at + 2) ?? text.length
    const isFound = end < text.length && (!isOnLine || end < lineEnd(at))
    return isFound ? end + close.length : null
  }
  const endInWord = (at: number): number | null =>
    endOf(at, text.startsWith('{{', at) || text.startsWith('{#', at))

  const isValue = (at: number): boolean =>
    text.startsWith('{{', at) || text.startsWith('<%=', at) || text.startsWith('$', at)

  const valueEnd = (at: number): number | null => {
    if (text.startsWith('$', at)) {
      environment.lastIndex = at
      return environment.test(text) ? environment.lastIndex : null
    }
    return isValue(at) ? endOf(at, false) : null
  }

  /** Where values that fill the rest of a line end; null: something else is on the line. */
  const valuesEnd = (from: number): number | null => {
    let [at, end] = [from, from]
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (code === lineFeed) break
      if (code === space || code === tab || code === carriageReturn) at++
      else {
        const after = valueEnd(at)
        if (after === null) return null
        at = after
        end = after
      }
    }
    return end
  }
  const statementEnd = (at: number): number | null => {
    goStatement.lastIndex = at
    if (!isValue(at) || goStatement.test(text)) return endOf(at, false)
    return valuesEnd(at)
  }
  return { endInWord, endInQuotes: (at) => endOf(at, true), statementEnd }
}
