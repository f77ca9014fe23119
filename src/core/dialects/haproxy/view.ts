import { type BackendView, backendViews } from './backends/index.ts'
import { type StatusView, statusViews } from './backends/status.ts'
import type { Context } from './context.ts'
import { type StoredCertificate, storedCertificates } from './frontends/certificates.ts'
import { type FrontendView, frontendViews } from './frontends/index.ts'
import { forbidden, notFound } from './names.ts'

/** templates/haproxy/haproxy.hbs */
export interface HaproxyView {
  readonly name: string
  readonly version: string
  readonly looksBesideCrt: boolean
  readonly certificates: readonly StoredCertificate[]
  readonly frontends: readonly FrontendView[]
  readonly backends: readonly BackendView[]
  readonly statuses: readonly StatusView[]
  /** Backends that answer themselves. */
  readonly answers: readonly { readonly name: string; readonly status: number }[]
}

export const viewOf = (context: Context): HaproxyView => {
  const { cluster, version, features } = context
  const frontends = frontendViews(context)
  const reached = new Set(
    frontends.flatMap(({ uses, defaultBackend }) => [
      ...uses.map(({ backend }) => backend),
      defaultBackend,
    ]),
  )
  const answers = [
    { name: forbidden, status: 403 },
    { name: notFound, status: 404 },
  ]
  return {
    name: cluster.name,
    version: version.text,
    looksBesideCrt: context.looksBesideCrt,
    certificates: storedCertificates(cluster, features),
    frontends,
    backends: backendViews(context),
    statuses: statusViews(cluster),
    answers: answers.filter(({ name }) => reached.has(name)),
  }
}
