import { atEnd } from '../../real/support/cleanup.ts'
import type { RunningServer } from '../../real/support/process.ts'

/** What no server may say: crashes, corrupted state, and any report of a sanitizer. */
const complaint =
  /\[(?:alert|crit|emerg)\]|exited on signal|(?:Address|Leak|Memory|UndefinedBehavior)Sanitizer|runtime error:/

/** What an nginx without -e says of its compiled-in log, before it reads ours. */
export const isOfOwnLog = (line: string): boolean =>
  /\[alert\] could not open error log file: open\(\) "\/var\/log\/nginx\//.test(line)

export const complaintsIn = (output: string, expected?: RegExp): readonly string[] =>
  output
    .split('\n')
    .filter((line) => complaint.test(line) && !isOfOwnLog(line))
    .filter((line) => !(expected?.test(line) ?? false))

/** Ends the server with the running test, and fails the test with what it complained about. */
export const failOnComplaints = (server: RunningServer, expected?: RegExp): void => {
  const cleanUp = async (): Promise<void> => {
    await server.stop()
    const found = complaintsIn(server.output(), expected)
    if (found.length === 0) return
    const from = server.output().indexOf(found[0] ?? '')
    throw new Error(`nginx complained:\n${server.output().slice(from, from + 8000)}`)
  }
  atEnd({ cleanUp, abandon: () => {} })
}
