import { resolve } from 'node:path'
import type { Run } from '../../commands/define.ts'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import { styleFor } from '../../report/style.ts'
import type { abiOptions } from '../abi-command.ts'
import { type Misfit, misfits } from '../core/abi/fit.ts'
import {
  type NginxFacts,
  readNginx,
  readSharedObject,
  type SharedObject,
} from '../core/abi/read.ts'
import { abiForJson, formatAbi } from '../report/abi.ts'

/** A static nginx with debugging information is 50 MiB. */
const mostBytes = 1024 * 1024 * 1024

const nginxOf = async (file: string, { cwd, files }: Context): Promise<NginxFacts> => {
  const facts = readNginx(await files.read(resolve(cwd, file), mostBytes))
  if (facts !== null) return facts
  throw new UsageError(`${file} is no nginx`, {
    help: 'name the binary itself, not a script that starts it: sessctl abi NGINX MODULE.so…',
  })
}

const moduleOf = async (file: string, { cwd, files }: Context): Promise<SharedObject> => {
  const found = readSharedObject(await files.read(resolve(cwd, file), mostBytes))
  if (found !== null) return found
  throw new UsageError(`${file} is no dynamic module of nginx`, {
    help: 'modules are shared objects that export ngx_modules; first comes nginx, then they',
  })
}

/** One file of modules, and what nginx would say to it. */
export interface Checked {
  readonly file: string
  readonly object: SharedObject
  readonly misfits: readonly Misfit[]
}

export const runAbi: Run<typeof abiOptions> = async (args, context, { operands }) => {
  const [file = '', ...moduleFiles] = operands
  const nginx = await nginxOf(file, context)
  const checked: Checked[] = []
  for (const name of moduleFiles) {
    const object = await moduleOf(name, context)
    checked.push({ file: name, object, misfits: misfits(nginx, object) })
  }
  const isFitting = checked.every((one) => one.misfits.length === 0)
  const exitCode = isFitting ? exitCodes.done : exitCodes.found
  if (args.format === 'json')
    return {
      exitCode,
      stdout: formatJson('abi', exitCode, abiForJson(file, nginx, checked)),
      stderr: '',
    }
  const style = styleFor(context.colour.stdout)
  return { exitCode, stdout: args.quiet ? '' : formatAbi(file, nginx, checked, style), stderr: '' }
}
