const postgresUrl = /^jdbc:postgresql:(?:\/\/[^/?]*\/?)?([^/?]*)(?:\?.*)?$/

/** Whether the lab has such a database. */
export const isPostgres = (url: string): boolean => postgresUrl.test(url)

/** The database that a PostgreSQL URL names; null for another one's URL. */
export const databaseOf = (url: string): string | null => {
  const found = postgresUrl.exec(url)
  if (found === null) return null
  const written = found[1] ?? ''
  try {
    return decodeURIComponent(written) || 'postgres'
  } catch {
    return written
  }
}

/**
 * The same database at another address, without parameters: they name files, sockets and users. Of
 * another kind of database the URL is one that leads nowhere.
 */
export const withJdbcAddress = (url: string, host: string, port: number): string => {
  const driver = /^jdbc:([a-z0-9]+):/i.exec(url)?.[1] ?? 'lab'
  return `jdbc:${driver}://${host}:${port}/${postgresUrl.exec(url)?.[1] ?? ''}`
}
