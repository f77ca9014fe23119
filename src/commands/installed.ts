import type { Context } from '../context.ts'
import type { InstalledVersions } from '../core/model/resolve/targets.ts'
import type { Spec } from '../core/spec/schema/index.ts'
import { findProgram, nginxProgram, programs } from './tools/programs.ts'

/** Asks the programs of this host, but only those whose version the spec leaves to it. */
export const installedVersions = async (
  { targets }: Spec,
  context: Context,
): Promise<InstalledVersions> => {
  const asked = {
    nginx: nginxProgram(targets.nginx?.flavor ?? 'nginx'),
    haproxy: programs.haproxy,
    httpd: programs.httpd,
  }
  const versions: Record<string, string | undefined> = {}
  for (const target of ['nginx', 'haproxy', 'httpd'] as const) {
    if (targets[target]?.version !== 'installed') continue
    versions[target] = (await findProgram(asked[target], context))?.version
  }
  return versions
}
