import { readBase } from '../dialects/tomcat/base-file.ts'
import { attributeValue, childrenOf } from '../dialects/tomcat/xml/document.ts'
import { type SpecComment, todo, type Values } from './draft.ts'
import { contextOf, type ImportSource } from './sources.ts'
import {
  clusterIn,
  type ImportedStore,
  type KeptStore,
  keptStore,
  managerIn,
  storeOfCluster,
  storeOfManager,
} from './stores.ts'
import type { TomcatFacts } from './tomcat.ts'

/**
 * How the sessions of the files are said: by their store, as local with the Manager of the file as it
 * is, or not at all.
 */
export const sessionForms = ['store', 'local', 'none'] as const
export type SessionForm = (typeof sessionForms)[number]

interface FoundStore {
  readonly imported: ImportedStore | null
  readonly kept: KeptStore | null
}

const noStore: FoundStore = { imported: null, kept: null }

const storeIn = (facts: TomcatFacts, sources: readonly ImportSource[]): FoundStore => {
  const source = contextOf(facts.source, sources)
  const read = source === null ? null : readBase(source.file, source.bytes, 'Context')
  const context = read?.ok === true ? read.value : null
  const manager = context === null ? null : managerIn(context)
  if (context !== null && manager !== null)
    return { imported: storeOfManager(context, manager), kept: keptStore(context, manager) }
  const cluster = clusterIn(facts.base)
  return cluster === null
    ? noStore
    : { imported: storeOfCluster(cluster), kept: keptStore(facts.base, cluster) }
}

/** A listener that Tomcat 8 and later do not have. */
const jasper = 'org.apache.catalina.core.JasperListener'

const olderVersion = ({ base }: TomcatFacts): string | null =>
  childrenOf(base.document.root, 'Listener').some(
    (listener) => attributeValue(listener, 'className') === jasper,
  )
    ? '7.0'
    : null

/** Tomcat 9.0 keeps local sessions over a restart without a Manager. */
const assumedVersion = '9.0'

/** The application of an upstream. */
export interface ImportedApp {
  readonly values: Values
  readonly store: Values | null
  readonly comments: readonly Omit<SpecComment, 'path'>[]
  readonly storeRemark: string | null
  readonly versionRemark: string
  /** What stays in the files and is not in the spec. */
  readonly kept: KeptStore | null
}

/** @param storeName the entry of `stores`. */
export const appOf = (
  tomcats: readonly TomcatFacts[],
  sources: readonly ImportSource[],
  form: SessionForm,
  storeName: string,
): ImportedApp => {
  const [first] = tomcats
  const found = first === undefined ? noStore : storeIn(first, sources)
  const imported = form === 'store' ? found.imported : null
  const known = tomcats.map(({ source }) => source.version).find((version) => version !== null)
  const version = known ?? (first && olderVersion(first)) ?? assumedVersion
  const sessions: Values = imported?.sessions ?? { store: form === 'none' ? 'none' : 'local' }
  const kept = imported === null ? found.kept : null
  const remark =
    kept === null
      ? []
      : [
          `${kept.className} in ${kept.file}, line ${kept.line ?? '?'}, is kept: sessctl would write it differently`,
        ]
  return {
    values: {
      runtime: 'tomcat',
      version,
      sessions: 'use' in sessions ? { ...sessions, use: storeName } : sessions,
    },
    store: imported?.store ?? null,
    comments: remark.map((text) => ({ text, place: 'above' })),
    storeRemark: imported?.remark ?? null,
    versionRemark:
      known === undefined
        ? todo('the release that "catalina.sh version" prints')
        : 'of the installation that the files are in',
    kept,
  }
}
