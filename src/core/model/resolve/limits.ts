import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { HttpSettings, Limit } from '../http-settings.ts'

type Written = Exclude<Spec['frontends'][string]['limits'], undefined | false>

type WrittenLimit = NonNullable<Written['perAddress']>

const resolveLimit = ({ requests, burst, connections }: WrittenLimit, path: SpecPath): Limit => {
  const [count = '', unit] = requests?.split('/') ?? []
  return {
    requests:
      requests === undefined
        ? null
        : {
            count: Number(count),
            periodMs: unit === 's' ? 1000 : 60_000,
            burst: burst ?? Number(count),
          },
    connections: connections ?? null,
    path,
  }
}

/** `web` for a frontend, `web:2` for its second location. */
const ownerOf = (path: SpecPath): string => {
  const [, frontend, , index] = path
  return typeof index === 'number' ? `${frontend}:${index + 1}` : String(frontend)
}

/** @param path of the frontend or the location. */
export const resolveLimits = (
  written: Written | false | undefined,
  path: SpecPath,
): HttpSettings['limits'] => {
  if (written === undefined) return null
  const at = [...path, 'limits']
  const owner = ownerOf(path)
  if (written === false) return { perAddress: null, perSession: null, status: 429, owner, path: at }
  const { perAddress, perSession, status } = written
  return {
    perAddress: perAddress === undefined ? null : resolveLimit(perAddress, [...at, 'perAddress']),
    perSession:
      perSession === undefined
        ? null
        : { ...resolveLimit(perSession, [...at, 'perSession']), cookie: perSession.cookie },
    status,
    owner,
    path: at,
  }
}
