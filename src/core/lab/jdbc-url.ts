const postgresUrl = /^jdbc:postgresql:(?:\/\/[^/?]*\/?)?([^/?]*)(?:\?.*)?$/

/** Whether the lab can start the database. */
export const isPostgres = (url: string): boolean => postgresUrl.test(url)

/** The database name of a PostgreSQL URL; null for other URLs. */
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
 * The URL with another address and without parameters, which can name files, sockets and users. For
 * databases other than PostgreSQL, nothing listens at the address.
 */
export const withJdbcAddress = (url: string, host: string, port: number): string => {
  const driver = /^jdbc:([a-z0-9]+):/i.exec(url)?.[1] ?? 'lab'
  return `jdbc:${driver}://${host}:${port}/${postgresUrl.exec(url)?.[1] ?? ''}`
}
