import { readFileSync } from 'node:fs'

export interface Memory {
  /** Private memory of the process, in bytes. */
  readonly rss: number
  /** Of anonymous shared mappings, in bytes: nginx's zones. */
  readonly shared: number
  /** How many of them there are. */
  readonly mappings: number
  readonly files: number
}

/** What a process has in memory, from /proc. */
export const memoryOf = (pid: number): Memory => {
  const rssKb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const fields = /^FDSize:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const zones = readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) \S{3}s /.exec(line))
    .filter((match) => match !== null)
    .map(([, from, to]) => Number.parseInt(to ?? '0', 16) - Number.parseInt(from ?? '0', 16))
  return {
    rss: Number(rssKb ?? 0) * 1024,
    shared: zones.reduce((sum, size) => sum + size, 0),
    mappings: zones.length,
    files: Number(fields ?? 0),
  }
}
