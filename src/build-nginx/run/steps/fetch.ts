import { mapAtMost } from '../../../commands/map-at-most.ts'
import { BuildError } from '../../../errors.ts'
import type { BuildPlan, Input } from '../../core/plan/plan.ts'
import type { StepTools, StepWork } from '../engine.ts'
import type { Job } from '../job.ts'
import { fetchApt } from '../sources/apt.ts'
import type { Fetched } from '../sources/fetched.ts'
import { fetchBundled, fetchGit, fetchLocal } from '../sources/local.ts'
import { fetchNginxDev } from '../sources/nginx-dev.ts'
import { fetchRelease, fetchUrl } from '../sources/release.ts'

/** The distribution's headers, or where it has none (Debian before 12) its sources. */
const fetchForInstalled = async (
  input: Input,
  revision: string | null,
  release: string,
  job: Job,
  tools: StepTools,
): Promise<Fetched> =>
  (await fetchNginxDev(input, revision, release, job, tools)) ??
  fetchApt(
    input,
    { kind: 'apt', package: 'nginx', suite: null, revision },
    { upstream: release, revision },
    job,
    tools,
  )

const fetchOne = (input: Input, release: string, job: Job, tools: StepTools): Promise<Fetched> => {
  const { source } = input
  switch (source.kind) {
    case 'bundled':
      return fetchBundled(input, job)
    case 'release':
      return fetchRelease({ ...input, source }, source.version, job, tools)
    case 'apt':
      return fetchApt(
        input,
        source,
        { upstream: input.kind === 'nginx' ? release : null, revision: source.revision },
        job,
        tools,
      )
    case 'nginx-dev':
      return fetchForInstalled(input, source.revision, release, job, tools)
    case 'url':
      return fetchUrl(input, source.url, source.sha256, job, tools)
    case 'git':
      return fetchGit(input, source, job)
    case 'local':
      return fetchLocal(input, source.path, job, tools)
  }
}

const mostAtOnce = 4

/** Brings every input to this host; none of them is believed yet. */
export const fetch =
  (plan: BuildPlan, job: Job): StepWork<readonly Fetched[]> =>
  async (tools) => {
    const fetched = await mapAtMost(mostAtOnce, plan.inputs, (input) =>
      fetchOne(input, plan.release, job, tools),
    )
    if (fetched.length === 0) throw new BuildError('there is nothing to build')
    const fresh = fetched.filter(({ isNew }) => isNew).length
    return {
      value: fetched,
      summary: `${fetched.length} ${fetched.length === 1 ? 'source' : 'sources'}, ${fresh} of them new`,
      isCached: fresh === 0,
    }
  }
