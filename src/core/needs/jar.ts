import { checksums } from './checksums.ts'
import type { JarNeed } from './need.ts'

/** @param coordinates `group:artifact:version`. */
export const jar = (upstream: string, coordinates: string): JarNeed => {
  const [, artifact = '', version = ''] = coordinates.split(':')
  const file = `${artifact}-${version}.jar`
  return { kind: 'jar', upstream, coordinates, file, sha256: checksums[coordinates] ?? null }
}

/** The path of the jar in a Maven repository. */
export const repositoryPath = ({ coordinates, file }: JarNeed): string => {
  const [group = '', artifact = '', version = ''] = coordinates.split(':')
  return `${group.replaceAll('.', '/')}/${artifact}/${version}/${file}`
}
