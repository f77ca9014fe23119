import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { Jars } from '../../core/lab/tools.ts'
import type { Cluster, Upstream } from '../../core/model/cluster.ts'
import { jarsNeeded } from '../../core/needs/index.ts'
import { sha256Of } from '../../core/output/manifest.ts'
import { ToolError } from '../../errors.ts'

/** The largest jar of a session store is 40 MiB. */
const mostBytes = 1024 * 1024 * 1024

const fetched = 'sessctl generate --fetch-libs FOLDER brings them; name it with --libs'

/** The jars that an upstream's session store needs, verified. @throws ToolError when one is missing. */
export const findJars = async (
  cluster: Cluster,
  upstream: Upstream,
  libs: string | null,
  { cwd, files }: Context,
): Promise<Jars> => {
  const needs = jarsNeeded({ ...cluster, upstreams: [upstream] })
  if (needs.length === 0) return {}
  if (libs === null) {
    const names = needs.map(({ coordinates }) => coordinates).join(', ')
    throw new ToolError(`the sessions of ${upstream.name} need jars: ${names}`, { help: fetched })
  }
  const jars: Record<string, string> = {}
  for (const { file, sha256 } of needs) {
    const path = resolve(cwd, libs, file)
    if (!(await files.exists(path)))
      throw new ToolError(`there is no ${file} in ${libs}`, { help: fetched })
    if (sha256 !== null && sha256Of(await files.read(path, mostBytes)) !== sha256)
      throw new ToolError(`${path} is not the ${file} that is known (sha256)`, { help: fetched })
    jars[file] = path
  }
  return jars
}
