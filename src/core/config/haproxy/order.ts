/** Names of files by their bytes, as HAProxy reads a folder. */
const byBytes = (one: string, other: string): number => (one < other ? -1 : Number(one > other))

/** The files of a configuration in the order of `-f haproxy.cfg -f conf.d`. */
export const haproxyOrder = <Content>({
  files,
  main,
}: {
  readonly main: string
  readonly files: ReadonlyMap<string, Content>
}): readonly (readonly [path: string, content: Content])[] => {
  const rank = (path: string): string => (path === main ? '' : path)
  return [...files].sort(([one], [other]) => byBytes(rank(one), rank(other)))
}
