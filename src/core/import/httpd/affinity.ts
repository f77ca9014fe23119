import type { HttpdBalancer } from '../../config/httpd/balancers.ts'
import { attributeValue, cookieAttributes, setCookies } from '../../config/httpd/set-cookies.ts'
import type { HttpdStatement } from '../../config/httpd/statements.ts'
import { durationOf } from '../affinity.ts'
import type { Values } from '../draft.ts'

const defined = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const longestAge = '315360000'

/** The attributes of `NAME=.%{BALANCER_WORKER_ROUTE}e; path=/; HttpOnly`. */
const attributesOf = (value: string): Values => {
  const given = new Map(
    [...cookieAttributes(value)].map(([name, written]) => [name, attributeValue(written)]),
  )
  const [age, path] = [given.get('max-age'), given.get('path')?.replaceAll('%%', '%')]
  return defined({
    expires: age === longestAge ? 'max' : age === undefined ? undefined : durationOf(age),
    domain: given.get('domain'),
    path: path === '/' ? undefined : path,
    httpOnly: given.has('httponly') || undefined,
    secure: given.has('secure') || undefined,
    sameSite: given.get('samesite')?.toLowerCase(),
  })
}

const isOn = (value: string | undefined): boolean => value?.toLowerCase() === 'on'

/** The affinity of a balancer; null: it has none. @param statements of all files. */
export const affinityOf = (
  { parameters }: HttpdBalancer,
  statements: readonly HttpdStatement[],
): Values | null => {
  const given = new Map(parameters.map(({ name, value }) => [name, value]))
  const [cookie = '', url = cookie] = given.get('stickysession')?.split('|') ?? []
  if (cookie === '') return null
  const strict = isOn(given.get('nofailover')) ? { onFailure: 'strict' } : {}
  if (given.get('stickysessionsep')?.toLowerCase() === 'off')
    return { method: 'sticky', by: 'route', from: [`$cookie_${cookie}`, `$arg_${url}`], ...strict }
  const header = setCookies(statements).find(({ isRoute, name }) => isRoute && name === cookie)
  if (header !== undefined)
    return {
      ...{ method: 'sticky', by: 'cookie', cookie },
      ...attributesOf(header.value),
      // httpd sends the cookie on to the application.
      indirect: false,
      ...strict,
    }
  return defined({
    method: 'jvm_route',
    cookie: cookie === 'JSESSIONID' ? undefined : cookie,
    url: url === cookie.toLowerCase() ? undefined : url,
    ...strict,
  })
}

/** How requests without a session are balanced; null: by the number of requests. */
export const balanceOf = ({ parameters }: HttpdBalancer): string | null => {
  const method = parameters.findLast(({ name }) => name === 'lbmethod')?.value.toLowerCase()
  return method === 'bybusyness' ? 'least_conn' : null
}
