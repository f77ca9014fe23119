import { buildEnv, type Job } from '../job.ts'

/** Asks a program of Debian's; null when it is not there, or fails. */
export const asked = async (
  file: string,
  args: readonly string[],
  job: Job,
  cwd?: string,
): Promise<string | null> => {
  const options = { env: buildEnv(job), isIsolated: true, ...(cwd === undefined ? {} : { cwd }) }
  const result = await job.context.exec.run(file, args, options)
  return result?.exitCode === 0 ? result.stdout : null
}

/** The package that a file belongs to. */
export const owner = async (path: string, job: Job): Promise<string | null> =>
  /^([a-z0-9][a-z0-9+.-]*)(?::\w+)?(?:,[^:]*)?: /m.exec(
    (await asked('dpkg-query', ['-S', path], job)) ?? '',
  )?.[1] ?? null
