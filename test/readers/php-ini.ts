/** `name = "value"`, one a line: the form in which PHP's own scanner of .ini files takes a text. */
const setting = /^([a-z_.]+) = (?:"((?:[^"\\]|\\[\s\S])*)"|(\d+))$/

/** Within double quotes a backslash takes away what `"`, `'` and a backslash mean, and else stays. */
const unquoted = (text: string): string => {
  if (/(?<!\\)(?:\\\\)*\$\{/.test(text)) throw new Error('a variable')
  return text.replace(/\\(["'\\])/g, '$1')
}

/** Names and values, as PHP has them after reading a file. */
export const readPhpIni = (text: string): readonly (readonly [string, string])[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => {
      const [, name, quoted, number] = setting.exec(line) ?? []
      if (name === undefined) throw new Error(`not a setting: ${line}`)
      return [name, number ?? unquoted(quoted ?? '')]
    })
