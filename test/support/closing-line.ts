import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with `N passed, N failed, N skipped`. Before it stands each reason for which tests were
 * skipped, once, with those tests, and then what failed with its first error: who has only the end of a
 * log sees it.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    let passed = 0
    let failed = errors.length
    let skipped = 0
    const failures = errors.map((error) => failure('outside the tests', '', [error]))
    const byReason = new Map<string, string[]>()
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) {
        failed += 1
        failures.push(failure(module.relativeModuleId, '', module.errors()))
      }
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'passed') passed += 1
        else if (result.state === 'failed') {
          failed += 1
          failures.push(failure(module.relativeModuleId, ` > ${test.fullName}`, result.errors))
        } else {
          skipped += 1
          const reason = (result.state === 'skipped' && result.note) || 'no reason given'
          byReason.set(reason, [...(byReason.get(reason) ?? []), test.fullName])
        }
      }
    }
    for (const [reason, names] of byReason)
      process.stdout.write(`skipped, ${reason}\n${names.map((name) => `    ${name}\n`).join('')}`)
    process.stdout.write(failures.join(''))
    const rest = skipped === 0 ? '' : `, ${skipped} skipped`
    process.stdout.write(`${passed} passed, ${failed} failed${rest}\n`)
  }
}

/** A failed test, or file, and the first lines of its first error. */
function failure(file: string, name: string, errors: readonly { message: string }[]): string {
  const lines = (errors[0]?.message ?? 'no message').split('\n').slice(0, 12)
  return `failed, ${file}${name}\n${lines.map((line) => `    ${line.slice(0, 400)}\n`).join('')}`
}
