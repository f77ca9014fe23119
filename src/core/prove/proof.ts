import type { ProxyName } from '../review/review.ts'

/** A share that was predicted and measured, from 0 to 1. */
export interface Figure {
  /** What the review says, of clients from the whole internet; null: it does not know the upstream. */
  readonly review: number | null
  /** What the same models say of the very clients of the lab. */
  readonly predicted: number
  /** null: it was not measured. */
  readonly measured: number | null
}

/** What a change does to the clients of one upstream behind one proxy. */
export interface UpstreamProof {
  /** After the change. */
  readonly name: string
  readonly proxy: ProxyName
  /** Of all clients, 0 if nothing was measured. */
  readonly clients: number
  readonly moved: Figure
  readonly lost: Figure
  /** Why a figure was not measured, one sentence without a full stop; null: all were. */
  readonly reason: string | null
}

/** A change that was applied in the lab. */
export interface Proof {
  /** What ran before and after: `nginx 1.30.6, 3 × Tomcat 9.0.122`; one for each proxy. */
  readonly programs: readonly { readonly before: string; readonly after: string }[]
  readonly upstreams: readonly UpstreamProof[]
  /** Differences between the lab and the spec, one sentence each. */
  readonly notes: readonly string[]
}

/** Predicted and measured may differ by this share. */
export const tolerance = 0.02

/** null: it was not measured. */
export const agrees = ({ predicted, measured }: Figure): boolean | null =>
  measured === null ? null : Math.abs(predicted - measured) <= tolerance + 1e-9

/** Those in which the lab contradicts the prediction. */
export const contradicted = ({ upstreams }: Proof): readonly UpstreamProof[] =>
  upstreams.filter(({ moved, lost }) => agrees(moved) === false || agrees(lost) === false)
