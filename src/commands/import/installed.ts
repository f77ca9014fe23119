import type { Context } from '../../context.ts'
import type { InstalledNginx } from '../../core/import/index.ts'
import { readBuild } from '../../core/validate/nginx/build.ts'
import { ToolError } from '../../errors.ts'
import { type FoundProgram, findProgram, plainEnv, programs } from '../tools/programs.ts'
import { mainFileIn } from './sources.ts'

/** What `nginx -V` prints. */
export const describeNginx = ({ answer, version }: FoundProgram): InstalledNginx => {
  const build = readBuild(answer)
  const release = /nginx-plus-r(\d+)/i.exec(answer)?.[1]
  return {
    flavor: build?.flavor ?? 'nginx',
    // The releases of NGINX Plus have their own numbers.
    version: release === undefined ? (build?.version ?? version) : `R${release}`,
    modules: [...(build?.modules ?? [])],
  }
}

/** The release of a proxy of this host; null: none is installed. */
export const installedRelease = async (
  name: 'haproxy' | 'httpd',
  context: Context,
): Promise<string | null> => (await findProgram(programs[name], context))?.version ?? null

/** The nginx of this host; null: none is installed. */
export const installedNginx = async (context: Context): Promise<InstalledNginx | null> => {
  const found = await findProgram(programs.nginx, context)
  return found === null ? null : describeNginx(found)
}

/**
 * The main file of the nginx of this host.
 * @throws ToolError if no nginx is installed, or it refuses its configuration.
 */
export const runningMainFile = async (context: Context): Promise<string> => {
  const found = await findProgram(programs.nginx, context)
  if (found === null)
    throw new ToolError('no nginx was found on this host', { help: programs.nginx.remedy })
  const options = { env: plainEnv(context), isIsolated: true }
  const result = await context.exec.run(found.program, ['-T'], options)
  if (result === null || result.exitCode !== 0) {
    const lines = (result?.stderr ?? '').trim().split('\n')
    const reason = lines.find((line) => line.includes('[emerg]')) ?? lines.at(-1) ?? 'no answer'
    throw new ToolError(`nginx -T failed: ${reason}`, {
      help: 'run sessctl import as a user who can read the configuration of nginx, or name the files',
    })
  }
  return mainFileIn(result.stdout)
}
