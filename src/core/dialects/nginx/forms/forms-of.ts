import type { Upstream } from '../../../model/cluster.ts'
import type { Features } from '../features.ts'
import type { Form } from './form.ts'
import { ipHash, keyHash } from './hashes.ts'
import { jvmRouteModule } from './jvm-route-module.ts'
import { mapsForm } from './maps.ts'
import { nativeCookie } from './native-cookie.ts'
import { nativeLearn } from './native-learn.ts'
import { nativeJvmRoute, nativeRoute } from './native-route.ts'
import { plain } from './plain.ts'
import { routeOfSession, routeOfVariables } from './route-maps.ts'
import { sessionSticky } from './session-sticky.ts'
import { stickyNg } from './sticky-ng.ts'
import { userid } from './userid.ts'

/** Every form of an upstream's affinity, the best first. */
export const formsOf = (upstream: Upstream, features: Features): readonly [Form, ...Form[]] => {
  const { affinity } = upstream
  if (affinity.method === 'none') return [plain]
  if (affinity.method === 'ip_hash') return [ipHash]
  if (affinity.method === 'hash') return [keyHash(affinity.key, affinity.consistent)]
  if (affinity.method === 'jvm_route') {
    const input = { affinity, upstream, features }
    return [
      jvmRouteModule(input),
      nativeJvmRoute(input),
      mapsForm(affinity, upstream, features, ({ names }) =>
        routeOfSession(affinity, upstream, names),
      ),
    ]
  }
  if (affinity.by === 'cookie') {
    const input = { affinity, upstream, features }
    return [nativeCookie(input), sessionSticky(input), stickyNg(input), userid(input)]
  }
  if (affinity.by === 'learn') return [nativeLearn({ affinity, upstream, features })]
  return [
    nativeRoute({ affinity, upstream, features }),
    mapsForm(affinity, upstream, features, ({ names }) =>
      routeOfVariables(affinity, upstream.name, names),
    ),
  ]
}
