import { resolve } from 'node:path'
import type { Run } from '../../../commands/define.ts'
import type { Context } from '../../../context.ts'
import { UsageError } from '../../../errors.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { formatJson } from '../../../report/json.ts'
import { styleFor } from '../../../report/style.ts'
import type { abiOptions } from '../../abi-command.ts'
import { type Misfit, misfits } from '../../core/abi/fit.ts'
import { canLink, type LinkProblem, linkProblems } from '../../core/abi/link.ts'
import {
  type NginxFile,
  readNginx,
  readSharedObject,
  type SharedObject,
} from '../../core/abi/read.ts'
import { abiForJson, formatAbi } from '../../report/abi.ts'
import { modulesOfConfig } from './from-config.ts'
import { hookFile, packageManagers } from './hook.ts'
import { librariesOf } from './libraries.ts'

/** A static nginx with debugging information is 50 MiB. */
const mostBytes = 1024 * 1024 * 1024

const nginxOf = async (file: string, { cwd, files }: Context): Promise<NginxFile> => {
  const facts = readNginx(await files.read(resolve(cwd, file), mostBytes))
  if (facts !== null) return facts
  throw new UsageError(`${file} is not an nginx binary`, {
    help: 'name the binary itself, not a script that starts it: sessctl abi NGINX MODULE.so…',
  })
}

interface Module {
  /** As the user or the configuration names it. */
  readonly name: string
  /** Absolute on this host. */
  readonly path: string
}

const moduleOf = async ({ name, path }: Module, { files }: Context): Promise<SharedObject> => {
  const found = readSharedObject(await files.read(path, mostBytes))
  if (found !== null) return found
  throw new UsageError(`${name} is not a dynamic module of nginx`, {
    help: 'a module is a shared object that exports ngx_modules; the first operand is nginx',
  })
}

/** One file of modules, and what nginx and the dynamic linker would say to it. */
export interface Checked {
  readonly file: string
  readonly object: SharedObject
  readonly misfits: readonly Misfit[]
  /** Null: not checked, because the libraries of nginx itself are not on this host. */
  readonly links: readonly LinkProblem[] | null
}

/** A path as the machine below the root folder names it. */
const onMachine = (path: string, root: string): string =>
  root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length) : path

const hookOf = (manager: string, operands: readonly string[], config: string | null): string => {
  const known = packageManagers.find((each) => each === manager)
  if (known === undefined)
    throw new UsageError(`--hook ${JSON.stringify(manager)} is not known`, {
      help: `use one of ${packageManagers.join(', ')}`,
    })
  if (config === null || operands.length !== 1)
    throw new UsageError('--hook needs --from-config and the nginx binary', {
      help: `for example: sessctl abi --hook ${known} --from-config /etc/nginx/nginx.conf /usr/sbin/nginx`,
    })
  return hookFile(known, operands[0] ?? '', config)
}

export const runAbi: Run<typeof abiOptions> = async (args, context, { operands }) => {
  const { cwd, files } = context
  const [file = '', ...named] = operands
  if (args.hook !== null)
    return {
      exitCode: exitCodes.done,
      stdout: hookOf(args.hook, operands, args.fromConfig),
      isFile: true,
      stderr: '',
    }
  const root = args.root === null ? '' : resolve(cwd, args.root).replace(/\/$/, '')
  const nginx = await nginxOf(file, context)
  const configured =
    args.fromConfig === null
      ? []
      : await modulesOfConfig(
          root === '' ? resolve(cwd, args.fromConfig) : resolve('/', args.fromConfig),
          nginx.configureArguments,
          root,
          files,
        )
  const modules: readonly Module[] = [
    ...configured.map((name) => ({ name, path: `${root}${name}` })),
    ...named.map((name) => ({ name, path: resolve(cwd, name) })),
  ]
  const objects: { readonly file: string; readonly object: SharedObject }[] = []
  for (const one of modules) objects.push({ file: one.name, object: await moduleOf(one, context) })
  const loaded = objects.map(({ object }, index) => ({
    file: onMachine(modules[index]?.path ?? '', root),
    elf: object.elf,
  }))
  const self = { file: onMachine(resolve(cwd, file), root), elf: nginx.elf }
  const libraries = await librariesOf([self, ...loaded], root, files)
  const isLinkable = canLink(nginx.elf, libraries)
  const checked: readonly Checked[] = objects.map(({ file: name, object }, index) => ({
    file: name,
    object,
    misfits: misfits(nginx, object),
    links: isLinkable ? linkProblems(nginx.elf, loaded, index, libraries) : null,
  }))
  const isFitting = checked.every(
    (one) => one.misfits.length === 0 && (one.links ?? []).length === 0,
  )
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
