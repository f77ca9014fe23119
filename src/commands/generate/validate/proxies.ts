import type { Context } from '../../../context.ts'
import type { HaproxyTarget, HttpdTarget, NginxTarget } from '../../../core/model/target.ts'
import type { CheckInput, NotCheckable, PlannedCheck, Tool } from '../../../core/validate/check.ts'
import { planHaproxy } from '../../../core/validate/haproxy.ts'
import { planHaproxyBase } from '../../../core/validate/haproxy-base.ts'
import { planHttpd } from '../../../core/validate/httpd.ts'
import { planHttpdBase } from '../../../core/validate/httpd-base.ts'
import { planNginx } from '../../../core/validate/nginx/plan.ts'
import { planNginxBase } from '../../../core/validate/nginx/plan-base.ts'
import { nginxParts } from '../../tools/nginx-parts.ts'
import { findProgram, nginxProgram, type Program, programs } from '../../tools/programs.ts'
import type { Checker, Missing } from './checker.ts'

const missing = ({ product, variable, remedy }: Program, paths: readonly string[]): Missing => ({
  paths,
  what: `there is no ${product} on this host`,
  remedy: `${remedy}, or name one with ${variable}`,
})

const orNotCheckable = (
  planned: PlannedCheck | string,
  paths: readonly string[],
): readonly (PlannedCheck | NotCheckable)[] => [
  typeof planned === 'string' ? { paths, reason: planned } : planned,
]

export const nginxChecker = async (
  target: NginxTarget,
  paths: readonly string[],
  context: Context,
): Promise<Checker | Missing> => {
  const found = await findProgram(nginxProgram(target.flavor), context)
  const parts = found && (await nginxParts(target, found, context))
  if (found === null || parts === null) return missing(programs.nginx, paths)
  const { build, load } = parts
  const { product, version } = build
  const tool: Tool = { ...found, product, version }
  const { base } = target
  const plan = (input: CheckInput) =>
    orNotCheckable(
      base === null
        ? planNginx(input, target, tool, build, load)
        : planNginxBase(input, { ...target, base }, tool, build),
      paths,
    )
  return { tool, paths, plan }
}

export const haproxyChecker = async (
  target: HaproxyTarget,
  paths: readonly string[],
  context: Context,
): Promise<Checker | Missing> => {
  const found = await findProgram(programs.haproxy, context)
  if (found === null) return missing(programs.haproxy, paths)
  const tool: Tool = { ...found, product: programs.haproxy.product }
  const { base } = target
  const plan = (input: CheckInput) =>
    orNotCheckable(
      base === null
        ? planHaproxy(input, target, tool)
        : planHaproxyBase(input, { ...target, base }, tool),
      paths,
    )
  return { tool, paths, plan }
}

export const httpdChecker = async (
  target: HttpdTarget,
  paths: readonly string[],
  context: Context,
): Promise<Checker | Missing> => {
  const found = await findProgram(programs.httpd, context)
  if (found === null) return missing(programs.httpd, paths)
  const tool: Tool = { ...found, product: programs.httpd.product }
  const folder = context.env['SESSCTL_HTTPD_MODULES'] || null
  const { base } = target
  const plan = (input: CheckInput) =>
    orNotCheckable(
      base === null
        ? planHttpd(input, target, tool, folder)
        : planHttpdBase(input, { ...target, base }, tool, folder),
      paths,
    )
  return { tool, paths, plan }
}
