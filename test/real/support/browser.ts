import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { atEnd } from './cleanup.ts'
import { tempDir } from './temp-dir.ts'

const program = process.env['CHROMIUM'] ?? 'chromium'

/** Why no page can be looked at on this host; null: it can. */
export const browserMissing = (): string | null =>
  spawnSync(program, ['--version']).status === 0 ? null : 'no chromium (CHROMIUM=PATH)'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}

const answerMilliseconds = 30_000

type Answer = Readonly<Record<string, unknown>>

/** The DevTools protocol over a pipe: one message ends with a zero byte. */
const connection = (browser: ChildProcess) => {
  const [, , , writer, reader] = browser.stdio
  if (!(writer instanceof Writable) || !(reader instanceof Readable)) throw new Error('no pipe')
  const waiting = new Map<number, (message: Message) => void>()
  const events: Message[] = []
  let last = 0
  let rest = ''
  reader.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const message: Message = JSON.parse(part)
      if (message.id === undefined) events.push(message)
      else waiting.get(message.id)?.(message)
    }
  })
  const send = (method: string, params: object, sessionId?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++last
      const late = setTimeout(() => reject(new Error(`${method}: no answer`)), answerMilliseconds)
      waiting.set(id, ({ error, result = {} }) => {
        waiting.delete(id)
        clearTimeout(late)
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${error.message}`))
      })
      writer.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  return { send, events }
}

export interface Page {
  readonly open: (path: string) => Promise<void>
  /** A screen of this width, for a user with this preference. */
  readonly emulate: (width: number, scheme: 'light' | 'dark') => Promise<void>
  /** The value of an expression in the page; a promise is awaited. */
  readonly evaluate: (expression: string) => Promise<unknown>
  readonly press: (key: 'Tab' | 'Enter') => Promise<void>
  /** PNG, in base64, of the first part of the page. */
  readonly screenshot: (height: number) => Promise<string>
  /** What the browser reported of the page: policies that were violated, errors. */
  readonly reports: () => readonly string[]
}

const keyCodes = { Tab: 9, Enter: 13 } as const

/** Runs a browser without a window until the test ends. @returns what opens a page. */
export const openBrowser = (): (() => Promise<Page>) => {
  const profile = `--user-data-dir=${tempDir()}`
  const browser = spawn(
    program,
    [
      ...['--headless', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe'],
      // Chromium has no sandbox for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[profile, '--no-first-run', '--disable-extensions', '--disable-renderer-backgrounding'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => browser.once('close', () => resolve()))
  const devTools = connection(browser)
  atEnd({
    cleanUp: async () => {
      // Its processes end before it does: they write to the profile until then.
      devTools.send('Browser.close', {}).catch(() => undefined)
      await ended
    },
    abandon: () => void browser.kill('SIGKILL'),
  })
  return () => openPage(devTools)
}

const openPage = async ({ send, events }: ReturnType<typeof connection>): Promise<Page> => {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  const call = (method: string, params: object = {}) => send(method, params, String(sessionId))
  await call('Page.bringToFront')
  await Promise.all(['Page.enable', 'Log.enable', 'Runtime.enable'].map((name) => call(name)))
  let width = 1200
  const evaluate: Page['evaluate'] = async (expression) => {
    const params = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await call('Runtime.evaluate', params)
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return typeof result === 'object' && result !== null ? Reflect.get(result, 'value') : undefined
  }
  return {
    evaluate,
    open: async (path) => {
      await call('Page.navigate', { url: pathToFileURL(path).href })
      const isLoaded = "document.readyState === 'complete' && location.protocol === 'file:'"
      while ((await evaluate(isLoaded)) !== true) await new Promise((next) => setTimeout(next, 20))
    },
    emulate: async (wide, scheme) => {
      width = wide
      const size = { width, height: 800, deviceScaleFactor: 1, mobile: false }
      await call('Emulation.setDeviceMetricsOverride', size)
      const features = [{ name: 'prefers-color-scheme', value: scheme }]
      await call('Emulation.setEmulatedMedia', { features })
    },
    press: async (key) => {
      const code = { key, code: key, windowsVirtualKeyCode: keyCodes[key] }
      const text = key === 'Enter' ? { text: '\r' } : {}
      await call('Input.dispatchKeyEvent', { type: 'keyDown', ...code, ...text })
      await call('Input.dispatchKeyEvent', { type: 'keyUp', ...code })
    },
    screenshot: async (height) => {
      const clip = { x: 0, y: 0, width, height, scale: 1 }
      const { data } = await call('Page.captureScreenshot', { clip, captureBeyondViewport: true })
      return String(data)
    },
    reports: () =>
      events
        .filter((event) => event.sessionId === sessionId)
        .filter(({ method }) => method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')
        .map(({ params }) => JSON.stringify(params)),
  }
}
