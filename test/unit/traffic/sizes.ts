import type { Size } from '../../../src/core/traffic/scenario.ts'

export const sizeOf = (clients: number, requests: number): Size => ({
  clients,
  requests,
  idleMs: 50,
  slowMs: 40,
})
