import { readHaproxyConfig } from '../../../config/haproxy/config.ts'
import { atKey } from '../../../diagnostics/diagnostic.ts'
import { Findings } from '../../../diagnostics/findings.ts'
import { fastcgiViews } from '../backends/fastcgi.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { type Line, line, lineIf } from '../lines.ts'
import { peersOf } from '../peers.ts'
import { resolversOf } from '../resolvers.ts'
import { wordsOf } from './editing.ts'
import type { Base, BaseFile } from './open.ts'
import type { NewSection } from './site.ts'

const peersSection = (base: Base, context: Context): NewSection | null => {
  const { findings, target } = context
  const found = new Findings()
  const peers = peersOf({ ...context, findings: found })
  // The generated file says which peer it is for; that of the user does so by a line of its own.
  findings.addAll(found.all.filter(({ code }) => code !== 'haproxy-local-peer'))
  if (peers === null) return null
  const names = peers.peers.map(({ name }) => name).join(', ')
  const isKnown = base.files.some(({ document }) =>
    document.lines.some(({ name }) => name === 'localpeer'),
  )
  if (!isKnown)
    report(
      findings,
      'haproxy-local-peer',
      atKey([...target.path, 'peers']),
      `"${target.base}" does not say which of the peers ${names} it is for: HAProxy ignores the peers, unless one has the name of its host`,
      `write localpeer ${peers.local ?? 'NAME'} in the global section, or start HAProxy with -L ${peers.local ?? 'NAME'}`,
    )
  return {
    head: ['peers', peers.name],
    lines: peers.peers.map(({ address, name }) => line('peer', name, address)),
  }
}

const resolversSection = (context: Context): NewSection | null => {
  const resolvers = resolversOf(context)
  if (resolvers === null) return null
  const servers: readonly Line[] =
    resolvers.servers.length === 0
      ? [line('parse-resolv-conf')]
      : resolvers.servers.map(({ address, name }) => line('nameserver', name, address))
  return {
    head: ['resolvers', resolvers.name],
    lines: [
      ...servers,
      ...lineIf(resolvers.valid, (valid) => ['hold', 'valid', valid]),
      line('accepted_payload_size', 8192),
    ],
  }
}

/** Requests of a backend become those of scripts. The frontends of the file tell no scheme. */
const fastcgiSections = ({ cluster }: Context): readonly NewSection[] =>
  fastcgiViews({ ...cluster, frontends: [] }).map(({ index, keepsConnections, name, root }) => ({
    head: ['fcgi-app', name],
    lines: [
      line('docroot', root),
      line('index', index),
      ...(keepsConnections ? [] : [line('no', 'option', 'keep-conn')]),
    ],
  }))

const isNamedIn = (words: readonly string[], [keyword, name]: readonly string[]): boolean =>
  words.some(
    (word, index) => (word === keyword || word === `use-${keyword}`) && words[index + 1] === name,
  )

/**
 * Sections of sessctl that the lines of the edited files name, and that they do not have.
 * @param editedText the text of a file with its edits.
 */
export const missingSections = (
  base: Base,
  editedText: (file: BaseFile) => string,
  context: Context,
): readonly NewSection[] => {
  const sections = base.files.flatMap((file) => {
    const { isTemplate } = file.document
    return readHaproxyConfig(editedText(file), { isTemplate }).sections
  })
  const uses = sections.flatMap(({ lines }) => lines.map(wordsOf))
  const all = [peersSection(base, context), resolversSection(context), ...fastcgiSections(context)]
  return all.flatMap((section) => {
    if (section === null) return []
    const [keyword, name] = section.head
    const exists = sections.some((one) => one.keyword === keyword && one.name === name)
    return exists || !uses.some((args) => isNamedIn(args, section.head)) ? [] : [section]
  })
}
