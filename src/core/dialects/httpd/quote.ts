/** Characters without a special meaning within a word of httpd. */
const bareWord = /^[\w./:@%+=,*|![\]-]+$/

/** In quotes, a backslash escapes only a quote or a backslash; elsewhere it is literal. */
const backslash = /\\(?=["\\]|$)/g

/**
 * One argument of a directive: httpd reads back exactly this text (ap_getword_conf in server/util.c).
 * `${NAME}` is filled in before words are looked for, whatever the quotes, and nothing escapes it: a
 * caller refuses it. Throws TypeError on that, and on what no line can hold.
 */
export const httpdWord = (value: string | number): string => {
  const text = String(value)
  if (/[\0\r\n]/.test(text)) throw new TypeError(`no httpd line can hold ${JSON.stringify(text)}`)
  if (isVariable(text)) throw new TypeError(`httpd would fill in ${JSON.stringify(text)}`)
  if (bareWord.test(text)) return text
  return `"${text.replace(backslash, '\\\\').replaceAll('"', '\\"')}"`
}

/** A variable that httpd replaces by its `Define`, or by that of its environment. */
export const httpdVariable = (value: string | number): string => {
  const name = String(value)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" is not a variable`)
  return ['$', '{', name, '}'].join('')
}

/** Whether httpd would read a variable in it: a `}` may follow anywhere on the line. */
export const isVariable = (text: string): boolean => text.includes('$\u007b')

/** Literal text in an expression that gives a string, where `%{`, `$1` and `\\` have a meaning. */
export const expressionText = (literal: string): string => literal.replace(/[\\$%]/g, '\\$&')

/** Literal text in the substitution of RewriteRule. */
export const rewriteText = expressionText

/** Literal text as the value of `Header` and `RequestHeader`, where `%` and `\` have a meaning. */
export const headerText = (literal: string): string =>
  literal.replaceAll('\\', '\\\\').replaceAll('%', '%%')

/** Text that httpd replaces what matched with: `$1` would be a part of the path, `\\x` is x. */
export const asReplacement = (path: string): string =>
  path.replace(/\\|\$(?=\d)|\$(?=\{)|(?<=\$)\{/g, '\\$&')
