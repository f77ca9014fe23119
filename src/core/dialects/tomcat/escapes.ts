import type { Escape } from '../dialect.ts'
import { shellWord, yamlScalar } from '../scalars.ts'
import { escapeAttribute } from './xml/write.ts'

/** Accepts values of a known form only, which need no escaping. */
const only =
  (form: RegExp, what: string): Escape =>
  (value) => {
    const text = String(value)
    if (!form.test(text)) throw new RangeError(`"${text}" is not ${what}`)
    return text
  }

/** The helpers of the templates in templates/tomcat. */
export const escapes = {
  xml: (value) => escapeAttribute(String(value), '"', 'utf-8'),
  /** An element that `newElement` wrote: tags with quoted attributes, and text between them. */
  xmlElement: only(/^(?:<\/?\w+(?: \w+="[^"<]*")*\/?>[^<"]*)+$/, 'an XML element'),
  yaml: yamlScalar,
  /** `${NAME}`, which the server replaces with the value of the variable. */
  placeholder: only(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'a placeholder'),
  sh: shellWord,
  /** Names, types and numbers that need no quotes in SQL, nor in a comment. */
  sql: only(/^[\w.()-]+$/, 'a plain word of SQL'),
} satisfies Record<string, Escape>
