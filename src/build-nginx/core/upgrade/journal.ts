import * as z from 'zod'
import type { State } from './state.ts'

const processId = z.object({ pid: z.number().int().positive(), began: z.string() })

const entry = z.object({
  /** The file itself, not a link to it. */
  to: z.string(),
  /** What tells the file that stood there; null: there was none. */
  old: z.string().nullable(),
  fresh: z.string(),
})

const kept = z.object({ to: z.string(), identity: z.string() })

const generation = z.object({
  replacedAt: z.string(),
  release: z.string().nullable(),
  files: z.array(kept),
})

const probe = z.object({
  scheme: z.enum(['http', 'https']),
  address: z.string(),
  port: z.number().int(),
  host: z.string(),
  path: z.string(),
  status: z.number().int().nullable(),
})

const state = z.object({
  kind: z.enum(['install', 'upgrade']),
  goal: z.enum(['forward', 'back']),
  stage: z.enum(['install', 'test', 'start', 'drain', 'quit']),
  reason: z.string().nullable(),
  wasBorn: z.boolean(),
  isDraining: z.boolean().default(false),
})

const master = z.object({
  id: processId,
  /** As it was called, and with what. */
  program: z.string(),
  args: z.array(z.string()),
  folder: z.string(),
  /** What tells the program it executes, and the one that it will. */
  oldBinary: z.string(),
  freshBinary: z.string(),
  pidFile: z.string(),
  /** What tells the pid file of before from one that was renamed since. */
  pidFileSeen: z.string(),
})

const limits = z.object({
  soakMs: z.number(),
  startMs: z.number(),
  signalMs: z.number(),
  drainMs: z.number(),
})

const journal = z.object({
  format: z.literal(1),
  state,
  /** `done` and `rolled-back` are written before what was kept is put away. */
  end: z.enum(['done', 'rolled-back']).nullable(),
  /** Process ids mean nothing in another boot. */
  boot: z.string(),
  startedAt: z.string(),
  sbin: z.string(),
  /** The release that is replaced; null: there was none. */
  from: z.string().nullable().default(null),
  entries: z.array(entry),
  /** Older versions that are kept, the newest first. */
  generations: z.array(generation).default([]),
  /** Files of older versions that are removed when the upgrade is done. */
  discarded: z.array(kept.extend({ replacedAt: z.string() })).default([]),
  /** How `nginx -t` is asked where no master runs. */
  args: z.array(z.string()),
  folder: z.string(),
  /** Whether there is a configuration to test. */
  isTested: z.boolean(),
  master: master.nullable(),
  fresh: processId.nullable(),
  probe: probe.nullable(),
  limits,
})

export type Entry = z.infer<typeof entry>
/** Files that were replaced together. */
export type Generation = z.infer<typeof generation>
export type ProcessId = z.infer<typeof processId>
export type Master = z.infer<typeof master>
/** What is on disk before anything is done: enough for another run to go on, or back. */
export type Journal = Omit<z.infer<typeof journal>, 'state'> & { readonly state: State }

/** @returns null for a text that is none. */
export const parseJournal = (text: string): Journal | null => {
  try {
    const read = journal.parse(JSON.parse(text))
    return { ...read, state: { ...read.state, acted: [], workers: [], goodAnswers: 0 } }
  } catch {
    return null
  }
}

export const journalText = (written: Journal): string => {
  const { kind, goal, stage, reason, wasBorn, isDraining } = written.state
  const state = { kind, goal, stage, reason, wasBorn, isDraining }
  return `${JSON.stringify({ ...written, state }, null, 2)}\n`
}

/** Beside the nginx it is about, so that everybody who would change it finds it. */
export const journalFile = (sbin: string): string => `${sbin}.sessctl-journal`
/** The journal of the upgrade before, which counts again if this one is rolled back. */
export const earlierJournalFile = (sbin: string): string => `${journalFile(sbin)}-before`
export const claimFile = (sbin: string): string => `${sbin}.sessctl-lock`
/** Not in its place yet. */
export const freshName = (to: string): string => `${to}.sessctl-new`
/** The old one, until the new one is known to be good. */
export const keptName = (to: string): string => `${to}.sessctl-kept`
/** One step away. */
export const previousName = (to: string): string => `${to}.sessctl-previous`
