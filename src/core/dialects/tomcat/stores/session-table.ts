/** Not Tomcat's own name for it, which has a dollar that few databases and shells like. */
export const sessionTable = 'tomcat_sessions'

/** Types that hold any session, by what a JDBC URL begins with; the last one fits the rest. */
const blobs: readonly (readonly [product: RegExp, type: string])[] = [
  [/^jdbc:postgresql:/i, 'bytea'],
  [/^jdbc:(?:mysql|mariadb):/i, 'longblob'],
  [/^jdbc:sqlserver:/i, 'varbinary(max)'],
  [/./, 'blob'],
]

/** The column type for the bytes of a session. */
export const blobTypeOf = (url: string): string =>
  blobs.find(([product]) => product.test(url))?.[1] ?? 'blob'
