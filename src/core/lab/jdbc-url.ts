const postgresUrl = /^jdbc:postgresql:\/\/[^/?]*(?:\/([^?]*))?(\?.*)?$/

/** The database that a PostgreSQL URL names; null for another one's URL. */
export const databaseOf = (url: string): string | null => {
  const found = postgresUrl.exec(url)
  return found === null ? null : decodeURIComponent(found[1] ?? '') || 'postgres'
}

/** The same database at another address; any other URL stays as it is. */
export const withJdbcAddress = (url: string, host: string, port: number): string =>
  url.replace(
    postgresUrl,
    (_all, database: string | undefined, parameters: string | undefined) =>
      `jdbc:postgresql://${host}:${port}/${database ?? ''}${parameters ?? ''}`,
  )
