import { describe, expect, test } from 'vitest'
import { insideOnly } from '../../../src/core/outside.ts'
import { compile, understand } from '../../../src/core/pipeline.ts'
import { initialChoices, initialSpec } from '../../../src/core/spec/initial.ts'
import { readSpec } from '../../../src/core/spec/read.ts'

const servers = [
  { name: 'app1', address: '10.0.0.11:8080' },
  { name: 'app2', address: '10.0.0.12:8080' },
]

describe('every first spec is accepted, with no error and no warning', () => {
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
        const { artifacts, diagnostics } = compile(
          understand(readSpec('sessctl.yaml', text), {}),
          insideOnly(new Map()),
          null,
        )
        expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
        expect(artifacts.length).toBeGreaterThan(0)
      })
})
