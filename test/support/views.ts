import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Findings } from '../../src/core/diagnostics/findings.ts'
import { inputFiles, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { wantedDialects } from '../../src/core/render/render.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** Every spec that ships with us: those of fixtures/specs and of fixtures/cases, with their folders. */
export const allSpecs = (): readonly { readonly folder: string; readonly file: string }[] => [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ folder: join(fixtures, 'specs'), file })),
  ...readdirSync(join(fixtures, 'cases')).map((name) => ({
    folder: join(fixtures, 'cases', name),
    file: 'sessctl.yaml',
  })),
]

/** The view of every page that the specs lead to. */
export const viewsOfAllCases = (): readonly {
  readonly template: string
  readonly view: object
}[] =>
  allSpecs().flatMap(({ folder, file }) => {
    const { cluster } = resolveSpec(readSpec(file, readFileSync(join(folder, file))), {})
    if (cluster === null) return []
    const inputs = new Map(
      inputFiles(cluster, null)
        .filter(({ path }) => existsSync(join(folder, path)))
        .filter(({ kind }) => kind === 'file')
        .map(({ path }) => [path, new Uint8Array(readFileSync(join(folder, path)))]),
    )
    return wantedDialects(cluster, null).flatMap((dialect) =>
      dialect
        .render(cluster, inputs, new Findings())
        .flatMap((page) =>
          page.kind === 'template' ? [{ template: page.template, view: page.view }] : [],
        ),
    )
  })
