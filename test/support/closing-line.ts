import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with `N passed, N failed`, and with the reason of every test that was skipped before it. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0
    let failed = errors.length
    const skipped: string[] = []
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        failed += 1
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped.push(test.fullName)
      }
    }
    const rest = skipped.length === 0 ? '' : `, ${skipped.length} skipped`
    process.stdout.write(
      `${skipped.map((name) => `skipped: ${name}\n`).join('')}${passed} passed, ${failed} failed${rest}\n`,
    )
  }
}
