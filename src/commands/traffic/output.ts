import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { pageMark } from '../../report/traffic/page.ts'

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
