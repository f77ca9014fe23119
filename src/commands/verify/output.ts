import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { pageMark } from '../../report/traffic/page.ts'

/** @throws UsageError when something else than a report of ours stands there. */
export const checkOutput = async (
  path: string,
  written: string,
  { files }: Context,
): Promise<void> => {
  if (!(await files.exists(path))) return
  const text = new TextDecoder().decode(await files.read(path))
  if (text.slice(0, 4096).includes(pageMark)) return
  throw new UsageError(`${written} is there, and is no report of sessctl's`, {
    help: 'name another file with --output, or remove that one',
  })
}
