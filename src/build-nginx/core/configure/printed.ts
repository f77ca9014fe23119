/**
 * The words of what `nginx -V` prints. It is not the text of a shell: configure puts a value that has a
 * space into single quotes, and escapes nothing within (auto/options: `s/\(--[^=]*=\)\(.* .*\)/\1'\2'/`).
 * Every word begins with `--`, so a quote ends a value only in front of one, or at the end.
 * @returns null for text that configure did not write.
 */
export const printedArguments = (text: string): readonly string[] | null => {
  const words: string[] = []
  let rest = text.trim()
  while (rest !== '') {
    if (!rest.startsWith('--')) return null
    const quoted = /^(--[^=\s]*=)'(.*? .*?)'(?= +--|$)/s.exec(rest)
    const plain = /^\S+/.exec(rest)?.[0] ?? ''
    words.push(quoted === null ? plain : `${quoted[1]}${quoted[2]}`)
    rest = rest.slice(quoted === null ? plain.length : quoted[0].length).trimStart()
  }
  return words
}
