import type { Findings } from '../../diagnostics/findings.ts'
import type { HaproxyView } from './haproxy/view.ts'
import type { HttpdFile } from './httpd/view.ts'
import type { NginxView } from './nginx/view.ts'
import type { TomcatFiles } from './tomcat/view.ts'

/** Reports one kind of mistake in the files of nginx. */
export type NginxRule = (view: NginxView, findings: Findings) => void

/** Reports one kind of mistake in the files of HAProxy. */
export type HaproxyRule = (view: HaproxyView, findings: Findings) => void

/** Reports one kind of mistake in a configuration of httpd. */
export type HttpdRule = (file: HttpdFile, findings: Findings) => void

/** All files of a run. */
export interface Together {
  readonly nginx: NginxView
  readonly haproxy: HaproxyView
  readonly httpd: readonly HttpdFile[]
  readonly tomcat: TomcatFiles
}

/** Reports one kind of mistake in files of which one may be of Tomcat and the other of its balancer. */
export type TogetherRule = (files: Together, findings: Findings) => void
