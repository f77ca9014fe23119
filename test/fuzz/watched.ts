import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { templatesForEsbuild } from '../../scripts/templates-plugin.mjs'

export interface Limits {
  /** CPU time, so that a busy machine fails no test. */
  readonly cpuMs: number
  /** For a reader that waits for something. */
  readonly wallMs: number
  readonly heapMb: number
}

/** A reader in a thread of its own, which is ended when an input takes too long or too much. */
export interface Watched {
  /** @returns what is wrong, or null. */
  readonly read: (bytes: Buffer) => Promise<string | null>
  readonly close: () => Promise<void>
}

/** What the thread runs. */
const threadOf = (reader: string, inputs: string): string => `
import { mkdirSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { read } from ${JSON.stringify(reader)}
const folder = ${JSON.stringify(inputs)}
mkdirSync(folder, { recursive: true })
parentPort.on('message', async (bytes) => {
  try {
    await read(Buffer.from(bytes), folder)
    parentPort.postMessage(null)
  } catch (error) {
    parentPort.postMessage(error instanceof Error ? error.stack : String(error))
  }
})
`

const bundle = async (reader: string, folder: string): Promise<URL> => {
  const { outputFiles } = await build({
    stdin: {
      contents: threadOf(reader, join(folder, 'inputs')),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'silent',
    plugins: [templatesForEsbuild()],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const file = join(folder, 'thread.mjs')
  writeFileSync(file, outputFiles[0]?.contents ?? '')
  return pathToFileURL(file)
}

const resultOf = (worker: Worker, bytes: Buffer, limits: Limits): Promise<string | null> =>
  new Promise((resolve) => {
    const [cpu, started] = [process.cpuUsage(), performance.now()]
    const took = () => {
      const { user, system } = process.cpuUsage(cpu)
      return { cpuMs: (user + system) / 1000, wallMs: performance.now() - started }
    }
    const end = (fault: string | null): void => {
      clearInterval(watch)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      resolve(fault)
    }
    const overtime = (): string | null => {
      const { cpuMs, wallMs } = took()
      if (cpuMs > limits.cpuMs) return `took ${cpuMs.toFixed(0)} ms of CPU time`
      return wallMs > limits.wallMs ? `took ${wallMs.toFixed(0)} ms` : null
    }
    const onMessage = (fault: string | null): void => end(fault ?? overtime())
    const onError = (error: unknown): void => end(`the thread ended: ${String(error)}`)
    const onExit = (code: number): void => end(`the thread ended with ${code}`)
    const watch = setInterval(() => {
      const late = overtime()
      if (late !== null) end(`${late}, and was ended`)
    }, 200)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(bytes)
  })

/** @param reader a module with `read`, by its path. */
export const watched = (reader: string, limits: Limits): Watched => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-fuzz-'))
  const thread = bundle(reader, folder)
  let worker: Worker | null = null
  const end = async (): Promise<void> => {
    await worker?.terminate()
    worker = null
  }
  return {
    read: async (bytes) => {
      worker ??= new Worker(await thread, {
        resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
      })
      const fault = await resultOf(worker, bytes, limits)
      // Whatever state it is in.
      if (fault !== null) await end()
      return fault
    },
    close: async () => {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
