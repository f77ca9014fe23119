/** A spec has no use for more than about ten. */
const deepest = 400
const tooFarIn = new RegExp(`^ {${deepest + 1}}`, 'm')

/**
 * Where the text opens more brackets, or is indented further, than a spec could need, before anybody tries to read it: YAML
 * readers take time that grows with the square of the depth. Brackets in texts count too, for
 * nobody writes hundreds there without closing them; null: nowhere.
 */
export const tooDeepAt = (text: string): number | null => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x5b || unit === 0x7b) depth += 1
    else if ((unit === 0x5d || unit === 0x7d) && depth > 0) depth -= 1
    if (depth > deepest) return at
  }
  const indented = text.search(tooFarIn)
  return indented === -1 ? null : indented
}
