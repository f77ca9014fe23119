import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { isLoopbackHost } from '../../model/ip.ts'
import type { InputFile, Inputs } from '../dialect.ts'
import { speaksAjp } from './ajp.ts'
import { type BaseFile, inBase, readBase, reportInvalid } from './base-file.ts'
import {
  type BaseServer,
  type Endpoint,
  enginesOf,
  isSpoken,
  readBaseServer,
} from './base-server.ts'
import { report } from './codes.ts'
import { listeningPort } from './connectors.ts'
import { reportDoctype, reportEntities } from './entities.ts'
import type { Instance } from './instance.ts'
import { balancerPortOf } from './ports.ts'
import { attributeOf, attributeValue, childrenOf } from './xml/document.ts'

const roots = { base: 'Server', contextBase: 'Context' } as const
const keys = ['base', 'contextBase'] as const

/** The existing file of an instance: its own, else that of its app. */
const inputOf = ({ server, app }: Instance, key: keyof typeof roots): InputFile | null => {
  const own = server.tomcat[key]
  if (own !== null) return { kind: 'file', path: own, at: atValue([...server.path, 'tomcat', key]) }
  const shared = app[key]
  return shared === null
    ? null
    : { kind: 'file', path: shared, at: atValue([...app.path, 'tomcat', key]) }
}

/** Every existing file that the instances name. */
export const inputsOf = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap((instance) => keys.flatMap((key) => inputOf(instance, key) ?? []))

/** The existing files of one instance; null: it names none, or the file cannot be edited. */
export interface Bases {
  readonly server: BaseServer | null
  readonly context: BaseFile | null
}

const openBase = (instance: Instance, key: keyof typeof roots, inputs: Inputs): BaseFile | null => {
  const { path = '' } = inputOf(instance, key) ?? {}
  const bytes = inputs.get(path)
  if (!(bytes instanceof Uint8Array)) return null
  const read = readBase(path, bytes, roots[key])
  return read.ok ? read.value : null
}

const endpointOf = (instance: Instance): Endpoint => {
  const { address } = instance.server
  return {
    protocol: speaksAjp(instance) ? 'ajp' : 'http',
    port: balancerPortOf(instance),
    host: address.kind === 'inet' ? address.host : null,
    frontends: instance.frontends,
  }
}

export const basesOf = (instance: Instance, inputs: Inputs): Bases => {
  const file = openBase(instance, 'base', inputs)
  return {
    server: file === null ? null : readBaseServer(file, endpointOf(instance)),
    context: openBase(instance, 'contextBase', inputs),
  }
}

const reportEngine = (base: BaseServer, findings: Findings): void => {
  if (base.engineReason === null) return
  const nameOf = (engine: BaseServer['engine']): string =>
    `"${attributeValue(engine, 'name') ?? 'without a name'}"`
  const all = enginesOf(base.document).map(({ engine }) => nameOf(engine))
  const message = `of the Engines ${all.join(', ')}, ${nameOf(base.engine)} is edited: ${base.engineReason}`
  report(findings, 'tomcat-base-choice', inBase(base, base.engine.start), message, null)
}

const reportConnector = (base: BaseServer, endpoint: Endpoint, findings: Findings): void => {
  const { service, connector } = base
  const { host, port, protocol } = endpoint
  if (connector === null) return
  const all = childrenOf(service, 'Connector').filter(isSpoken(endpoint))
  if (all.length > 1 && listeningPort(base, connector) !== port) {
    const from = attributeValue(connector, 'port') ?? '?'
    const kind = protocol === 'ajp' ? 'AJP' : 'plain HTTP'
    const message = `none of the ${all.length} ${kind} Connectors has port ${port}: the port of the first changes from ${from}`
    report(findings, 'tomcat-base-choice', inBase(base, connector.start), message, null)
  }
  const address = attributeOf(connector, 'address')
  if (address === null || host === null) return
  if (!isLoopbackHost(address.value) || isLoopbackHost(host)) return
  const message = `this Connector listens on ${address.value} only, but the balancer connects to ${host}`
  const help = `write address="${host}", or remove the address`
  report(findings, 'tomcat-base-address', inBase(base, address.valueStart), message, help)
}

const reportServer = (file: BaseFile, endpoint: Endpoint, findings: Findings): void => {
  const base = readBaseServer(file, endpoint)
  if (base === null) {
    const message = 'this file has no <Engine> in a <Service>'
    const help = 'write the Engine into this file: sessctl does not edit the content of an entity'
    report(findings, 'tomcat-base-invalid', inBase(file, file.document.root.start), message, help)
    return
  }
  reportEntities(base, findings)
  reportEngine(base, findings)
  reportConnector(base, endpoint, findings)
}

/** Reports which existing files cannot be edited, and which of their elements are edited. */
export const reportBases = (
  instances: readonly Instance[],
  inputs: Inputs,
  findings: Findings,
): void => {
  for (const instance of instances) {
    for (const key of keys) {
      const input = inputOf(instance, key)
      if (input === null) continue
      const { path, at } = input
      const bytes = inputs.get(path)
      if (!(bytes instanceof Uint8Array)) {
        report(findings, 'tomcat-base-invalid', at, `cannot read "${path}"`, null)
        continue
      }
      const read = readBase(path, bytes, roots[key])
      if (!read.ok) {
        reportInvalid(path, read.problem, findings)
        continue
      }
      reportDoctype(read.value, findings)
      if (key === 'base') reportServer(read.value, endpointOf(instance), findings)
    }
  }
}
