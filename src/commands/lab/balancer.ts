import type { Context } from '../../context.ts'
import type { Balancer } from '../../core/lab/balancer.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import type { NginxTarget, Target } from '../../core/model/target.ts'
import { ToolError, UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { labOptions } from '../lab.ts'
import { nginxParts } from '../tools/nginx-parts.ts'
import { nginxProgram, programs } from '../tools/programs.ts'
import { requireProgram } from './find.ts'

type Args = ArgsOf<typeof labOptions>

const nginx = async (target: NginxTarget, args: Args, context: Context): Promise<Balancer> => {
  const program = nginxProgram(target.flavor)
  const tool = await requireProgram({ program, option: '--nginx', path: args.nginx }, context)
  const parts = await nginxParts(target, tool, context)
  if (parts === null) throw new ToolError(`${tool.program} does not say how it was built`)
  return { target, tool: { ...tool, product: parts.build.product }, ...parts }
}

/** @throws UsageError when the spec does not ask for it. */
const chosenTarget = ({ targets }: Cluster, wanted: string): Target => {
  const found = wanted === 'first' ? targets[0] : targets.find(({ dialect }) => dialect === wanted)
  if (found !== undefined) return found
  throw new UsageError(
    wanted === 'first' ? 'the spec has no balancer' : `the spec asks for no ${wanted}`,
    { help: 'name one below `targets`' },
  )
}

/** The balancer that a lab runs. @throws ToolError when it is not on this host. */
export const findBalancer = async (
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<Balancer> => {
  const target = chosenTarget(cluster, args.target)
  switch (target.dialect) {
    case 'nginx':
      return nginx(target, args, context)
    case 'haproxy': {
      const asked = { program: programs.haproxy, option: '--haproxy', path: args.haproxy }
      return { target, tool: await requireProgram(asked, context) }
    }
    case 'httpd': {
      const asked = { program: programs.httpd, option: '--httpd', path: args.httpd }
      const modulesFolder = context.env['SESSCTL_HTTPD_MODULES'] || null
      return { target, tool: await requireProgram(asked, context), modulesFolder }
    }
  }
}
