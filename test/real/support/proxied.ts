import { expect } from 'vitest'
import { compileText } from '../../support/compile.ts'

/** The one artifact of a spec that has nothing to complain about. */
export const artifactOf = (spec: string, path: string): string => {
  const { artifacts, diagnostics } = compileText(spec)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const artifact = artifacts.find((candidate) => candidate.path === path)
  if (!artifact) throw new Error(`${path} was not written`)
  return artifact.text
}
