// Commands, their output kept in a log, and how many at a time.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

/** Runs a command to its end; what it prints goes to `log`. Throws with the log's name when it fails. */
export const run = (command, args, { cwd, log, env = process.env }) =>
  new Promise((resolve, reject) => {
    const output = createWriteStream(log, { flags: 'a' })
    output.write(`$ ${[command, ...args].join(' ')}\n`)
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(output, { end: false })
    child.stderr.pipe(output, { end: false })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const failed = () => reject(new Error(`${command} ended with ${code ?? signal}: see ${log}`))
      output.end(() => (code === 0 ? resolve() : failed()))
    })
  })

/** Calls `work` on every item, at most `limit` of them at a time; results in the order of the items. */
export const eachAtMost = async (limit, items, work) => {
  const results = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}
