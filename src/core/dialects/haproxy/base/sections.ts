import { readHaproxyConfig } from '../../../config/haproxy/config.ts'
import type { Context } from '../context.ts'
import { type Line, line, lineIf } from '../lines.ts'
import { peersOf } from '../peers.ts'
import { resolversOf } from '../resolvers.ts'
import type { Base } from './open.ts'
import type { NewSection } from './site.ts'

const peersSection = (context: Context): NewSection | null => {
  const peers = peersOf(context)
  return (
    peers && {
      head: ['peers', peers.name],
      lines: peers.peers.map(({ address, name }) => line('peer', name, address)),
    }
  )
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

const isNamedIn = (words: readonly string[], [keyword, name]: readonly string[]): boolean =>
  words.some((word, index) => word === keyword && words[index + 1] === name)

/** Sections of sessctl that the lines of the edited file name, and that it does not have. */
export const missingSections = (
  base: Base,
  edited: string,
  context: Context,
): readonly NewSection[] => {
  const { sections } = readHaproxyConfig(edited, { isTemplate: base.document.isTemplate })
  const uses = sections.flatMap(({ lines }) => lines.map(({ args }) => args))
  return [peersSection(context), resolversSection(context)].flatMap((section) => {
    if (section === null) return []
    const [keyword, name] = section.head
    const exists = sections.some((one) => one.keyword === keyword && one.name === name)
    return exists || !uses.some((args) => isNamedIn(args, section.head)) ? [] : [section]
  })
}
