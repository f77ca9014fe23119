import { describe, expect, test } from 'vitest'
import { initialChoices, initialSpec } from '../../../src/core/spec/initial.ts'
import { compileText } from '../../support/compile.ts'

const servers = [
  { name: 'app1', address: '10.0.0.11:8080' },
  { name: 'app2', address: '10.0.0.12:8080' },
]

describe('every initial spec is accepted, with no error and no warning', () => {
  for (const runtime of initialChoices.runtime)
    for (const sessions of initialChoices.sessions)
      test.each([
        ...initialChoices.proxy.map((proxy) => [proxy] as const),
        [...initialChoices.proxy],
      ])(`${runtime}, ${sessions}: %s`, (...proxies) => {
        const text = initialSpec({
          name: 'shop',
          hostName: 'shop.example.com',
          proxies: initialChoices.proxy.filter((proxy) => proxies.includes(proxy)),
          versions: {},
          runtime,
          sessions,
          servers,
        })
        const { artifacts, diagnostics } = compileText(text)
        expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
        expect(artifacts.length).toBeGreaterThan(0)
      })
})
