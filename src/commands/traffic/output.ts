import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { pageMark } from '../../report/traffic/page.ts'

/** @throws UsageError for a page of a run that does not happen. */
export const textOrJson = (args: { readonly dryRun: boolean; readonly format: string }): void => {
  if (args.dryRun && args.format === 'html')
    throw new UsageError('--dry-run has no HTML page: nothing is measured', {
      help: 'leave --format html out, or use --format json',
    })
}

/**
 * Where --output leads to; null when nothing is to be written.
 * @throws UsageError when something else than a report of ours stands there.
 */
export const outputPath = async (
  written: string | null,
  { cwd, files }: Context,
): Promise<string | null> => {
  if (written === null) return null
  const path = resolve(cwd, written)
  if (!(await files.exists(path))) return path
  const text = new TextDecoder().decode(await files.read(path))
  if (text.slice(0, 4096).includes(pageMark)) return path
  throw new UsageError(`${written} is there, and is no report of sessctl's`, {
    help: 'name another file with --output, or remove that one',
  })
}
