/** A word of redis.conf or of an inline command, between double quotes. */
export const redisWord = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`

/** A password that means something to URLs, INI files, YAML, XML, Python, properties and shells. */
export const oddPassword = `p@ss%2"q'\\n#c: d/é&<>;*?!~$x`

/** Others, each for one more of their rules. */
export const oddPasswords = [oddPassword, ` a: '{b}' "c" #d$`, `x%41\${unknown}$1\\`, '%2'] as const

/** Lines of redis.conf: nobody else gets in. */
export const oddUser = [
  `user shop on ${redisWord(`>${oddPassword}`)} ~* &* +@all`,
  'user default off',
]
