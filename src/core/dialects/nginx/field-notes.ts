import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { notFollowed, withoutEffect } from '../../fields.ts'
import type { Affinity } from '../../model/affinity.ts'
import type { Upstream } from '../../model/cluster.ts'
import { routeFor } from '../../model/route.ts'
import type { Features } from './features.ts'
import type { Form, Part } from './forms/form.ts'

const cookieNotes = (
  affinity: Affinity,
  { label }: Features,
  form: Form,
  part: Part,
): readonly Diagnostic[] => {
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return []
  const { indirect, nocache, path } = affinity
  const isHidden = part.hideCookieOf !== null
  const sees = isHidden ? 'does not see' : 'sees'
  return [
    ...(indirect === isHidden
      ? []
      : [
          notFollowed(
            [...path, 'indirect'],
            label,
            `the application ${sees} the cookie of ${form.title}`,
          ),
        ]),
    ...(nocache
      ? [notFollowed([...path, 'nocache'], label, `${form.title} says nothing to caches`)]
      : []),
  ]
}

/** A Tomcat has its route whatever the proxy does. */
const routeNotes = (
  { app, servers }: Upstream,
  { label }: Features,
  { limits, title }: Form,
): readonly Diagnostic[] => {
  if (limits.routes || app.runtime === 'tomcat') return []
  const server = servers.find(({ name, route }) => route !== routeFor(name))
  return server === undefined
    ? []
    : [withoutEffect([...server.path, 'route'], label, `${title} knows servers by their addresses`)]
}

/** What an upstream asks for and its form neither does nor refuses. */
export const fieldNotes = (
  upstream: Upstream,
  features: Features,
  form: Form,
  part: Part,
): readonly Diagnostic[] => [
  ...cookieNotes(upstream.affinity, features, form, part),
  ...routeNotes(upstream, features, form),
]
