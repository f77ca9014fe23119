import type { HaproxyConfig, HaproxySection } from './config.ts'

/** The sections that send requests to each backend, by its name. */
export const haproxyEntries = ({
  sections,
}: HaproxyConfig): ReadonlyMap<string, ReadonlySet<HaproxySection>> => {
  const entries = new Map<string, Set<HaproxySection>>()
  for (const section of sections)
    for (const { name, args } of section.lines) {
      const [backend] = args
      if (!/^(?:use_backend|default_backend)$/.test(name) || backend === undefined) continue
      entries.set(backend, (entries.get(backend) ?? new Set()).add(section))
    }
  return entries
}

/** Whether a section uses the address of the client that a proxy in front tells it. */
export const takesClientAddress = ({ lines }: HaproxySection): boolean =>
  lines.some(
    ({ name, args }) =>
      args.includes('set-src') ||
      args.includes('expect-netscaler-cip') ||
      (name === 'bind' && args.includes('accept-proxy')) ||
      args.includes('expect-proxy'),
  )

const headerOfProxy =
  /hdr(?:_\w+)?\((X-Forwarded-Proto|CF-Connecting-IP|True-Client-IP|Fastly-Client-IP)\b/i

/** A header that only a proxy in front sets, and that the section reads; null: there is none. */
export const proxyHeaderIn = ({ lines }: HaproxySection): string | null =>
  lines.flatMap(({ args }) => args).flatMap((word) => headerOfProxy.exec(word)?.[1] ?? [])[0] ??
  null
