import { readFileSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findByName, findJars, type Jars, type Missing, type Server } from './servers.ts'
import { tempDir } from './temp-dir.ts'

const lists = fileURLToPath(new URL('../../../scripts/servers/', import.meta.url))

/** An application of Spring Boot, by its jars. */
export interface Boot extends Jars {
  readonly version: string
}

export type BootLine = '2.7' | '3' | '4'

/** The lines of `scripts/servers/NAME.txt`: coordinates, hash, and what needs it. */
export const jarsListed = (name: string): readonly (readonly string[])[] =>
  readFileSync(join(lists, `${name}.txt`), 'utf8')
    .split('\n')
    .filter((entry) => entry !== '' && !entry.startsWith('#'))
    .map((entry) => entry.split(' '))

/** One that can keep its sessions in each of these stores. */
export const findBoot = (
  line: BootLine,
  ...stores: readonly ('redis' | 'jdbc')[]
): Boot | Missing => {
  const entries = jarsListed(`spring-boot-${line}`)
  const coordinates = entries.flatMap(([name = '', , user = '']) =>
    ['all', ...stores].includes(user) ? [name] : [],
  )
  const driver = stores.includes('jdbc') ? ['org.postgresql:postgresql:42.7.14'] : []
  const found = findJars([...coordinates, ...driver])
  const boot = coordinates.find((name) => name.startsWith('org.springframework.boot:spring-boot:'))
  return 'missing' in found ? found : { ...found, version: boot?.split(':')[2] ?? '' }
}

/** A folder of these jars, as BOOT-INF/lib. */
export const libOf = ({ files }: Boot): string => {
  const folder = tempDir()
  for (const file of files) symlinkSync(file, join(folder, basename(file)))
  return folder
}

/** The Java of the tests, which compiles as well. */
export const findJava = (): Server | Missing => {
  const java = findByName('java')
  return 'missing' in java ? java : { command: java.path, version: java.version }
}
