const encoder = new TextEncoder()

export const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}

/** UTF-8. For short ASCII texts, which most keys are, faster than the encoder. */
export const bytesOf = (text: string): Uint8Array => {
  if (!isAscii(text)) return encoder.encode(text)
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}
