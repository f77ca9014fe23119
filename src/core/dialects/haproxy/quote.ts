/** Characters without a special meaning for HAProxy's line parser: a word of these needs no quotes. */
const bareWord = /^[\w./:@%+=,*()[\]{}!?<>|-]+$/

/**
 * One argument of a line: HAProxy reads back exactly this text (configuration manual, section 2.2).
 * Between single quotes every character is literal, `$`, `#`, `\` and `"` too; a single quote is
 * written between two such parts. Throws TypeError on what no line can hold; the schema refuses it before.
 */
export const haproxyWord = (value: string | number): string => {
  const text = String(value)
  if (text === '') throw new TypeError('an empty word ends a HAProxy line')
  if (/[\0\r\n]/.test(text)) throw new TypeError(`no HAProxy line can hold ${JSON.stringify(text)}`)
  return bareWord.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** An environment variable, which HAProxy replaces between double quotes only. */
export const haproxyVariable = (value: string | number): string => {
  const name = String(value)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" is not a variable`)
  return ['"$', '{', name, '}"'].join('')
}

/** The text of a comment, which ends with the line. */
export const haproxyComment = (value: string | number): string => {
  const text = String(value)
  if (/[\0\r\n]/.test(text)) throw new TypeError(`no comment can hold ${JSON.stringify(text)}`)
  return text
}

/** Literal text where HAProxy evaluates `%[…]` and `%name` (a log-format string). */
export const formatText = (literal: string): string => literal.replaceAll('%', '%%')

/**
 * An argument between the parentheses of a sample expression, where `,`, `)`, quotes and backslashes
 * have a special meaning, in addition to that of the line.
 */
export const sampleArgument = (text: string): string =>
  /^[\w.:/@-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
