import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { type BaseFile, inBase, readBase, reportInvalid } from '../dialects/tomcat/base-file.ts'
import { enginesOf } from '../dialects/tomcat/base-server.ts'
import { isPlainHttp, listeningPort } from '../dialects/tomcat/connectors.ts'
import { attributeOf, childrenOf } from '../dialects/tomcat/xml/document.ts'
import { report } from './codes.ts'
import { isRouteName } from './names.ts'
import type { ServerSource } from './sources.ts'

/** What a server.xml says about its place in a cluster. */
export interface TomcatFacts {
  readonly source: ServerSource
  readonly base: BaseFile
  /** Where its Engine is. */
  readonly at: Place
  /** Null: the Engine has none. */
  readonly jvmRoute: string | null
  /** Of the Connectors for plain HTTP. */
  readonly ports: readonly number[]
}

/** Null: the file cannot be imported, which is reported. */
export const readTomcat = (source: ServerSource, findings: Findings): TomcatFacts | null => {
  const read = readBase(source.file, source.bytes, 'Server')
  if (!read.ok) {
    reportInvalid(source.file, read.problem, findings)
    return null
  }
  const base = read.value
  const [first, ...others] = enginesOf(base.document)
  const routed = [first, ...others].filter(
    (each) => each !== undefined && attributeOf(each.engine, 'jvmRoute') !== null,
  )
  const chosen = routed[0] ?? first
  if (chosen === undefined) {
    const at = inBase(base, base.document.root.start)
    report(findings, 'import-refused', at, 'this file has no <Engine> in a <Service>', null)
    return null
  }
  const route = attributeOf(chosen.engine, 'jvmRoute')
  if (route !== null && !isRouteName(route.value)) {
    const message = `jvmRoute "${route.value}" is no route of a spec: it has other characters than letters, digits, "_" and "-", or more than 32`
    const help = 'write the route of this server, or leave the file out of the import'
    report(findings, 'import-refused', inBase(base, route.valueStart), message, help)
    return null
  }
  return {
    source,
    base,
    at: inBase(base, route?.valueStart ?? chosen.engine.start),
    jvmRoute: route?.value ?? null,
    ports: childrenOf(chosen.service, 'Connector')
      .filter(isPlainHttp)
      .flatMap((connector) => listeningPort(base, connector) ?? []),
  }
}
