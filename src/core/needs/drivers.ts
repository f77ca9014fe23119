interface Driver {
  /** The beginnings of the URLs that it accepts, without `jdbc:`. */
  readonly schemes: readonly string[]
  /** `group:artifact:version` of the newest release that runs on Java 8; null: only its vendor distributes it. */
  readonly jar: string | null
}

/** JDBC drivers by their class. */
const drivers: Readonly<Record<string, Driver>> = {
  'org.postgresql.Driver': {
    schemes: ['postgresql'],
    jar: 'org.postgresql:postgresql:42.7.14',
  },
  'com.mysql.cj.jdbc.Driver': {
    schemes: ['mysql', 'mysql+srv'],
    jar: 'com.mysql:mysql-connector-j:9.7.0',
  },
  'com.mysql.jdbc.Driver': { schemes: ['mysql', 'mysql+srv'], jar: null },
  // It accepts URLs of MySQL with permitMysqlScheme only.
  'org.mariadb.jdbc.Driver': {
    schemes: ['mariadb'],
    jar: 'org.mariadb.jdbc:mariadb-java-client:3.5.11',
  },
  'oracle.jdbc.OracleDriver': { schemes: ['oracle'], jar: null },
  'oracle.jdbc.driver.OracleDriver': { schemes: ['oracle'], jar: null },
  'com.microsoft.sqlserver.jdbc.SQLServerDriver': { schemes: ['sqlserver'], jar: null },
  'net.sourceforge.jtds.jdbc.Driver': { schemes: ['jtds'], jar: null },
  'com.ibm.db2.jcc.DB2Driver': { schemes: ['db2'], jar: null },
  'org.h2.Driver': { schemes: ['h2'], jar: null },
  'org.hsqldb.jdbc.JDBCDriver': { schemes: ['hsqldb'], jar: null },
  'org.hsqldb.jdbcDriver': { schemes: ['hsqldb'], jar: null },
  'org.apache.derby.jdbc.ClientDriver': { schemes: ['derby'], jar: null },
  'org.apache.derby.jdbc.EmbeddedDriver': { schemes: ['derby'], jar: null },
  'org.sqlite.JDBC': { schemes: ['sqlite'], jar: null },
}

/** `group:artifact:version` of a driver, or null for one that only its vendor distributes. */
export const driverOf = (className: string): string | null => drivers[className]?.jar ?? null

/** The part of a JDBC URL that chooses the driver: `postgresql`. */
export const schemeOf = (url: string): string => /^jdbc:([^:]*)/.exec(url)?.[1] ?? ''

/** Whether a driver accepts a URL; null: sessctl does not know the driver. */
export const acceptsUrl = (className: string, url: string): boolean | null => {
  const driver = drivers[className]
  if (driver === undefined) return null
  if (className === 'org.mariadb.jdbc.Driver' && /[?&]permitMysqlScheme\b/.test(url)) return true
  return driver.schemes.includes(schemeOf(url))
}

/** A class that accepts the URL. */
export const driverFor = (url: string): string | null =>
  Object.entries(drivers).find(([, { schemes }]) => schemes.includes(schemeOf(url)))?.[0] ?? null
