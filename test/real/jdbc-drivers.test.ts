import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { acceptsUrl } from '../../src/core/needs/drivers.ts'
import { run } from './support/process.ts'
import { findJars, withServers } from './support/servers.ts'
import { findJava } from './support/spring-boot.ts'
import { tempDir } from './support/temp-dir.ts'

const drivers = ['org.postgresql.Driver', 'com.mysql.cj.jdbc.Driver', 'org.mariadb.jdbc.Driver']
const urls = [
  'jdbc:postgresql://127.0.0.1/shop?ApplicationName=a%20b&ssl=false',
  'jdbc:mysql://127.0.0.1/shop?useSSL=false&serverTimezone=UTC',
  'jdbc:mysql://127.0.0.1/shop?permitMysqlScheme&useSsl=false',
  'jdbc:mariadb://127.0.0.1/shop?useSsl=false&timezone=UTC',
  'jdbc:oracle:thin:@127.0.0.1:1521/shop',
]

const ask = `
import java.sql.Driver;
public class Ask {
  public static void main(String[] args) throws Exception {
    Driver driver = (Driver) Class.forName(args[0]).getDeclaredConstructor().newInstance();
    for (int i = 1; i < args.length; i++) System.out.println(driver.acceptsURL(args[i]));
  }
}
`

withServers(
  {
    java: findJava(),
    jars: findJars([
      'org.postgresql:postgresql:42.7.14',
      'com.mysql:mysql-connector-j:9.7.0',
      'org.mariadb.jdbc:mariadb-java-client:3.5.11',
    ]),
  },
  'the drivers accept the JDBC URLs that sessctl accepts',
  async ({ java, jars }) => {
    const folder = tempDir()
    writeFileSync(join(folder, 'Ask.java'), ask)
    for (const driver of drivers) {
      const args = ['-cp', jars.files.join(':'), 'Ask.java', driver, ...urls]
      const { output } = await run([java.command, ...args], folder, 120_000)
      const expected = urls.map((url) => String(acceptsUrl(driver, url)))
      expect(output.trim().split('\n'), driver).toEqual(expected)
    }
  },
)
