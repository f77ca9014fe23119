import type { Artifact } from '../../../src/core/render/artifact.ts'

export interface HttpdConfig {
  readonly text: string
  /** What the artifact says that it needs, and what every httpd has. */
  readonly modules: readonly string[]
}

const textOf = (artifacts: readonly Artifact[], isPorts: boolean): string =>
  artifacts.find(
    ({ dialect, path }) => dialect === 'httpd' && path.endsWith('.ports.conf') === isPorts,
  )?.text ?? ''

/** Ports and hosts as one configuration, with just the modules that the artifact asks for. */
export const httpdConfig = (artifacts: readonly Artifact[]): HttpdConfig => {
  const ports = textOf(artifacts, true)
  const hosts = textOf(artifacts, false)
  const named = /^# It needs the modules (.*)$/m.exec(hosts)?.[1] ?? ''
  const modules = ['mpm_event', ...named.split(' ')]
  // A distribution says where its types are; the default is a file that is not there.
  const types = modules.includes('mime') ? 'TypesConfig /dev/null\n' : ''
  return { text: `${types}${ports}\n${hosts}`, modules }
}
