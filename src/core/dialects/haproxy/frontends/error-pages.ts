import { isMaintained, maintenanceStatus, pagesOf } from '../../../model/error-pages.ts'
import type { HttpSettings } from '../../../model/http-settings.ts'
import { fileOf } from '../error-pages.ts'
import { explained, type Rule, rule } from '../rules.ts'
import { impostors } from './networks.ts'

/** A client with one of the addresses is served. */
export const maintenanceRules = ({ maintenance }: HttpSettings): readonly Rule[] => {
  if (maintenance === null || !isMaintained({ errorPages: null, maintenance })) return []
  const { except } = maintenance
  const deny = (conditions: readonly string[]) =>
    rule({ denyStatus: maintenanceStatus }, conditions)
  const others = impostors(except)
  return explained('maintenance', [
    deny(except.length === 0 ? [] : ['!{', 'src', ...except, '}']),
    ...(others.length === 0 ? [] : [deny(['{', 'src', ...others, '}'])]),
  ])
}

/** Answers of the application that are replaced. */
export const interceptionRules = (settings: HttpSettings): readonly Rule[] => {
  if (settings.interceptErrors !== true) return []
  const pages = pagesOf(settings)
  const rules = pages.flatMap(({ status }) => {
    const file = fileOf(pages, status)
    const condition = ['{', 'status', String(status), '}']
    return file === null ? [] : [rule({ replaceAnswer: { status, ...file } }, condition)]
  })
  return explained('error pages instead of those of the application', rules)
}

/** The rules that answer with an error, with its page. */
export const withPages = (rules: readonly Rule[], settings: HttpSettings): readonly Rule[] => {
  const pages = pagesOf(settings)
  return rules.map((each) => {
    const status = each.denyStatus ?? each.returnStatus
    return status === null ? each : { ...each, page: fileOf(pages, status) }
  })
}
