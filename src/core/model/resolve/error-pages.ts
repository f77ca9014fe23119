import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { ErrorPage, Maintenance, StatusPage } from '../error-pages.ts'
import { checkNetworks } from './addresses.ts'

type Written = Pick<Spec['frontends'][string], 'errorPages' | 'maintenance'>
type WrittenPage = NonNullable<Written['errorPages']>[string]

const types = { html: 'text/html', json: 'application/json', txt: 'text/plain' } as const

const typeOf = (file: string): string =>
  Object.entries(types).find(([extension]) => file.endsWith(`.${extension}`))?.[1] ?? types.html

const pageOf = (page: WrittenPage): ErrorPage =>
  'file' in page
    ? { kind: 'file', file: page.file, type: typeOf(page.file) }
    : { kind: 'uri', uri: page.path }

/**
 * The pages of a location are added to those of its frontend.
 * @param inherited those of the frontend, for one of its locations.
 */
export const resolveErrorPages = (
  { errorPages }: Written,
  path: SpecPath,
  inherited: readonly StatusPage[] | null,
): readonly StatusPage[] | null => {
  if (errorPages === undefined) return inherited
  const own = Object.entries(errorPages).flatMap(([statuses, page]) =>
    statuses.split(' ').map((status) => ({
      status: Number(status),
      page: pageOf(page),
      path: [...path, 'errorPages', statuses],
    })),
  )
  const replaced = new Set(own.map(({ status }) => status))
  const kept = inherited?.filter(({ status }) => !replaced.has(status)) ?? []
  return [...kept, ...own].sort((one, other) => one.status - other.status)
}

export const resolveMaintenance = (
  { maintenance }: Written,
  path: SpecPath,
  inherited: Maintenance | null,
  findings: Findings,
): Maintenance | null => {
  if (maintenance === undefined) return inherited
  const at = [...path, 'maintenance']
  if (typeof maintenance === 'boolean')
    return { isOn: maintenance, page: null, except: [], path: at }
  const { except = [], page } = maintenance
  return {
    isOn: true,
    page: page === undefined ? null : pageOf(page),
    except: checkNetworks(except, [...at, 'except'], findings),
    path: at,
  }
}
