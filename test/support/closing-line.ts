import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with `N passed, N failed, N skipped`; before it stands each reason for which tests were
 * skipped, once, with those tests.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0
    let failed = errors.length
    let skipped = 0
    const byReason = new Map<string, string[]>()
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        failed += 1
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'passed') passed += 1
        else if (result.state === 'failed') failed += 1
        else {
          skipped += 1
          const reason = (result.state === 'skipped' && result.note) || 'no reason given'
          byReason.set(reason, [...(byReason.get(reason) ?? []), test.fullName])
        }
      }
    }
    for (const [reason, names] of byReason)
      process.stdout.write(`skipped, ${reason}\n${names.map((name) => `    ${name}\n`).join('')}`)
    const rest = skipped === 0 ? '' : `, ${skipped} skipped`
    process.stdout.write(`${passed} passed, ${failed} failed${rest}\n`)
  }
}
