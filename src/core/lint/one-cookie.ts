import type { Cluster } from '../model/cluster.ts'

/** Whether a target takes two cookies for one: nginx finds cookies without regard to case. */
export const isOneCookie = (a: string, b: string, { targets }: Cluster): boolean =>
  a === b ||
  (a.toLowerCase() === b.toLowerCase() && targets.some(({ dialect }) => dialect === 'nginx'))
