export interface Measured {
  readonly method:
    | 'round robin'
    | 'least_conn'
    | 'random'
    | 'random two'
    | 'hash'
    | 'hash consistent'
    | 'ip_hash'
  readonly affinity: 'plain' | 'jvm_route' | 'sticky'
  readonly traffic: 'pinned' | 'mixed'
  readonly servers: number
}

export function instructionsPerRequest(
  nginx: { readonly command: string; readonly valgrind: string; readonly main?: string },
  what: Measured,
): Promise<number>

/** Of a run of callgrind. */
export function totalOf(file: string): number
