import { AsyncLocalStorage } from 'node:async_hooks'
import { onTestFinished, type TestContext, TestRunner } from 'vitest'

type Cleanup = () => void | Promise<void>

interface Leftover {
  /** At the end of the test (or file) that made it; may take its time. */
  readonly cleanUp: Cleanup
  /** When this process is about to die from a signal: at once, and without a promise. */
  readonly abandon: () => void
}

const leftovers = new Set<Leftover>()
const ofFile: Leftover[] = []
const ofTest = new WeakMap<object, Leftover[]>()

/**
 * Registers what must not outlive the running test: last in, first out, when it finishes, failed or
 * not. Outside of a test (a hook, a describe body) it lives as long as the test file.
 */
export const atEnd = (leftover: Leftover): void => {
  leftovers.add(leftover)
  listenForSignals()
  stackOfCurrentTest().push(leftover)
}

/** Of the test whose body is running; among tests that run at once, the current one is not known otherwise. */
const running = new AsyncLocalStorage<Leftover[]>()

/** Runs the body of a test. What it registers lives as long as this test. */
export const withCleanup = (context: TestContext, body: () => Promise<void>): Promise<void> => {
  const stack: Leftover[] = []
  context.onTestFinished(() => unwind(stack))
  return running.run(stack, body)
}

const stackOfCurrentTest = (): Leftover[] => {
  const own = running.getStore()
  if (own !== undefined) return own
  const test = TestRunner.getCurrentTest()
  if (test === undefined) return ofFile
  const known = ofTest.get(test)
  if (known !== undefined) return known
  const stack: Leftover[] = []
  ofTest.set(test, stack)
  onTestFinished(() => unwind(stack))
  return stack
}

/** Every one gets its turn, whatever the others throw. */
const unwind = async (stack: Leftover[]): Promise<void> => {
  const errors: unknown[] = []
  for (let leftover = stack.pop(); leftover !== undefined; leftover = stack.pop()) {
    try {
      await leftover.cleanUp()
    } catch (error) {
      errors.push(error)
    }
    leftovers.delete(leftover)
  }
  if (errors.length > 0) throw new AggregateError(errors, 'could not clean up after the test')
}

/** What was registered outside of a test; called at the end of each test file. */
export const unwindFile = (): Promise<void> => unwind(ofFile)

const abandonAll = (): void => {
  for (const leftover of [...leftovers].reverse()) {
    try {
      leftover.abandon()
    } catch {
      // The other cleanups must run; the error cannot be reported any more.
    }
  }
  leftovers.clear()
}

let listening = false
const listenForSignals = (): void => {
  if (listening) return
  listening = true
  process.once('exit', abandonAll)
  // A test runner that was killed leaves this worker of its running, deaf to the terminal.
  process.once('disconnect', () => {
    if (leftovers.size > 0) process.kill(process.pid, 'SIGTERM')
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      abandonAll()
      // The handler is removed now, so the signal has its default action.
      process.kill(process.pid, signal)
    })
  }
}
