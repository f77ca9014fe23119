/** JDBC drivers that are known by their class; the newest of each that runs on Java 8. */
const drivers: Readonly<Record<string, string>> = {
  'org.postgresql.Driver': 'org.postgresql:postgresql:42.7.14',
  'com.mysql.cj.jdbc.Driver': 'com.mysql:mysql-connector-j:9.7.0',
  'org.mariadb.jdbc.Driver': 'org.mariadb.jdbc:mariadb-java-client:3.5.11',
}

/** `group:artifact:version` of a driver, or null for one that only its owner knows. */
export const driverOf = (className: string): string | null => drivers[className] ?? null
