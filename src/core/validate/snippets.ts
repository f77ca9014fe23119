import type { Cluster } from '../model/cluster.ts'
import type { Snippet } from '../model/snippet.ts'
import { snippetsOf } from '../snippets/all.ts'

/** A path of the host, a parent folder, or a name that the server would look up. */
const ofTheHost = /(^|[\s"'=:@(|!~])\/|\.\.|syslog:|@|(^|\n)\s*log\s|-f\s/

/** Comments name what they like. */
const withoutComments = (text: string): string => text.replace(/^\s*#.*$/gm, '')

/**
 * Whether the real server can read the snippets in a check: it would also open the files, and look up
 * the hosts, that they name.
 */
export const canCheckSnippets = (cluster: Cluster, dialect: Snippet['dialect']): boolean =>
  snippetsOf(cluster).every(
    (snippet) =>
      snippet.dialect !== dialect ||
      snippet.text === null ||
      !ofTheHost.test(withoutComments(snippet.text)),
  )
