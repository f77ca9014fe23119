/** A word of redis.conf or of an inline command, between double quotes. */
export const redisWord = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`

/** A password that means something to URLs, INI files, YAML, XML, Python, properties and shells. */
export const oddPassword = `p@ss%2"q'\\n#c: d/é&<>;*?!~$x`

/** Others, each for one more of their rules. */
export const oddPasswords = [oddPassword, ` a: '{b}' "c" #d$`, `x%41\${unknown}$1\\`, '%2'] as const

/** For a client that can send ASCII only, as Lettuce before 6.5.2. */
export const oddAsciiPassword = oddPassword.replaceAll(/[^\x20-\x7e]/g, 'e')

/** Lines of redis.conf: nobody else gets in. */
export const oddUserWith = (password: string): readonly string[] => [
  `user shop on ${redisWord(`>${password}`)} ~* &* +@all`,
  'user default off',
]

export const oddUser = oddUserWith(oddPassword)
