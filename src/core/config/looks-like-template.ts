const lineOfStatement = /^[ \t]*(?:\{[%#]|\$\{\w+\}[ \t]*\r?$)/m

const marks = [
  ['{{', '}}'],
  ['<%', '%>'],
] as const

/**
 * Whether a file is read as a template. HAProxy and httpd accept nearly any words, so what no
 * configuration has decides, and not whether it can be read.
 */
export const looksLikeTemplate = (text: string): boolean =>
  lineOfStatement.test(text) ||
  marks.some(([open, close]) => {
    const at = text.indexOf(open)
    return at !== -1 && text.includes(close, at)
  })

/** Placeholders of template languages that the readers do not know: of Python, autoconf, and Ansible. */
export const foreignPlaceholder = /%\(\w+\)s|@[A-Z_]+@|^\s*#\s*\{\{ ansible_managed/m
