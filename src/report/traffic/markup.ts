import { visible } from '../visible.ts'

/** HTML; every other value is escaped. */
export interface Markup {
  readonly markup: string
}
type Value = string | number | Markup | readonly Markup[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For elements and quoted attributes, without control and direction characters. */
const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')

const written = (value: Value): string => {
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if ('markup' in value) return value.markup
  return value.map(({ markup }) => markup).join('')
}

/** A template whose values cannot become markup. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  markup: parts
    .map((part, index) => {
      const { [index]: value } = values
      return value === undefined ? part : `${part}${written(value)}`
    })
    .join(''),
})

export const nothing: Markup = { markup: '' }
