import type { Context } from '../context.ts'
import type { InstalledVersions } from '../core/model/resolve/targets.ts'
import type { Spec } from '../core/spec/schema/index.ts'
import { findProgram, nginxProgram, programs } from './tools/programs.ts'

/** The versions of this host's programs, where the spec says `installed`. */
export const installedVersions = async (
  spec: Spec | null,
  context: Context,
): Promise<InstalledVersions> => {
  if (spec === null) return {}
  const { targets } = spec
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
