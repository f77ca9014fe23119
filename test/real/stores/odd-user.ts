/** A quoted argument for redis.conf or an inline command. */
export const redisWord = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`

/** A password with special characters of URLs, INI files, YAML, XML, Python, properties and shells. */
export const oddPassword = `p@ss%2"q'\\n#c: d/é&<>;*?!~$x`

/** Further passwords, each for one more rule of these formats. */
export const oddPasswords = [oddPassword, ` a: '{b}' "c" #d$`, `x%41\${unknown}$1\\`, '%2'] as const

/** For clients that can send ASCII only, such as Lettuce before 6.5.2. */
export const oddAsciiPassword = oddPassword.replaceAll(/[^\x20-\x7e]/g, 'e')

/** Lines for redis.conf that disable all other users. */
export const oddUserWith = (password: string): readonly string[] => [
  `user shop on ${redisWord(`>${password}`)} ~* &* +@all`,
  'user default off',
]

export const oddUser = oddUserWith(oddPassword)
