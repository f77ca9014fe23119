/** Not Tomcat's own name for it, which has a dollar that few databases and shells like. */
export const sessionTable = 'tomcat_sessions'

/**
 * The column type for the bytes of a session; null: no statements are written for this database. Only
 * those are written that the tests run on the database itself.
 */
export const blobTypeOf = (url: string): string | null =>
  /^jdbc:postgresql:/i.test(url) ? 'bytea' : null
