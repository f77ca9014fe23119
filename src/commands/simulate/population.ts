import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import type { Clients, Habits } from '../../core/simulate/population/clients.ts'
import {
  clientsFrom,
  listedAddresses,
  loggedClients,
  mostClients,
} from '../../core/simulate/population/read.ts'
import { clientsOfShape, type Shape, shapeNames } from '../../core/simulate/population/shapes.ts'
import { UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { simulateOptions } from '../simulate.ts'
import { numberOf } from '../traffic/options.ts'

type Args = ArgsOf<typeof simulateOptions>

/** Clients, and where they come from. */
export interface Population {
  readonly clients: Clients
  readonly origin: string
}

const standardClients = 10_000

const mostTabs = 20

/** An access log of some days. */
const mostBytes = 512 * 1024 * 1024

const shapeOf = (text: string): Shape => {
  const [, word = text, count] = /^([a-z0-9]+)(?:=(.*))?$/.exec(text) ?? []
  const name = shapeNames.find((each) => each === word)
  if (name === undefined)
    throw new UsageError(`there is no shape "${word}"`, { help: didYouMean(word, shapeNames) })
  if (count === undefined) return { name, count: null }
  if (name === 'internet' || name === 'ipv6' || name === 'mixed')
    throw new UsageError(`the shape ${name} has no number`, { help: `write --shape ${name}` })
  return { name, count: numberOf(`--shape ${name}=`, count, 65_536) }
}

const habitsOf = ({ withoutCookies, tabs }: Args): Habits => {
  const percent = /^\d{1,3}(?:\.\d{1,3})?%?$/.test(withoutCookies)
    ? Number.parseFloat(withoutCookies)
    : Number.NaN
  if (!(percent <= 100))
    throw new UsageError(`"${withoutCookies}" is not a value of --without-cookies`, {
      help: 'use a percentage from 0 to 100',
    })
  return { withoutCookies: percent / 100, tabs: numberOf('--tabs', tabs, mostTabs) }
}

const readText = async (path: string, { cwd, files }: Context): Promise<string> =>
  new TextDecoder().decode(await files.read(resolve(cwd, path), mostBytes))

/** @throws UsageError for options that contradict each other, and for a file without clients. */
export const populationOf = async (
  args: Args,
  seed: number,
  context: Context,
): Promise<Population> => {
  const { accessLog, addresses, shape } = args
  const given = [
    ...(shape === null ? [] : ['--shape']),
    ...(addresses === null ? [] : ['--addresses']),
    ...(accessLog === null ? [] : ['--access-log']),
  ]
  if (given.length > 1)
    throw new UsageError(`${given.join(' and ')} each name the clients`, {
      help: 'use one of them',
    })
  const habits = habitsOf(args)
  const count = args.clients === null ? null : numberOf('--clients', args.clients, mostClients)
  const path = addresses ?? accessLog
  if (path === null) {
    const wanted = shapeOf(shape ?? 'mixed')
    const clients = clientsOfShape(wanted, count ?? standardClients, seed, habits)
    return { clients, origin: shape ?? wanted.name }
  }
  const text = await readText(path, context)
  const listed = addresses === null ? loggedClients(text) : listedAddresses(text)
  if ('problem' in listed) throw new UsageError(`${path}: ${listed.problem}`, { help: listed.help })
  return { clients: clientsFrom(listed, count, seed, habits), origin: path }
}
