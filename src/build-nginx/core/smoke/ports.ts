/** On 127.0.0.1. */
export interface SmokePorts {
  readonly listen: number
  readonly status: number
  readonly one: number
  readonly two: number
}
