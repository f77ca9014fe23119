import type { Context } from '../../context.ts'
import { allCodes } from '../../core/catalogue.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { explain } from '../../core/explain/explain.ts'
import { firstKeys, readPath } from '../../core/explain/path.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { explanationJson, formatExplanation } from '../../report/explain.ts'
import { formatJson } from '../../report/json.ts'
import { styleFor } from '../../report/style.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { explainOptions } from '../explain.ts'
import { compileLoaded, loadSpec, specError } from '../load.ts'
import { specFile } from '../spec-file.ts'
import { explainedCode, explainedCodes } from './code.ts'

type Args = ArgsOf<typeof explainOptions>

const answer = ({ format }: Args, content: object, text: string): Outcome => ({
  exitCode: exitCodes.done,
  stdout: format === 'json' ? formatJson('explain', exitCodes.done, content) : text,
  stderr: '',
})

/** A word that is no code and no key of the spec is an error that needs no spec. */
const checkWord = (word: string): void => {
  if (/[.[]/.test(word) || firstKeys.includes(word)) return
  throw new UsageError(`"${word}" is neither a code of a diagnostic nor a path in the spec`, {
    help: didYouMean(word, [...allCodes, ...firstKeys]),
  })
}

const explainSpec = async (text: string, args: Args, context: Context): Promise<Outcome> => {
  const file = await specFile(args.file, [], context)
  const resolved = await loadSpec(file, context)
  if (resolved.cluster === null) throw specError(file, resolved)
  const read = readPath(text, resolved.written)
  if (read.kind === 'unknown') throw new UsageError(read.message, { help: read.help })
  const spec = { file, allowOutside: args.allowOutside }
  const compiled = await compileLoaded(resolved, null, spec, context)
  const explanation = explain(read.path, compiled, compiled.insideCluster ?? resolved.cluster)
  const style = styleFor(context.colour.stdout)
  return answer(
    args,
    explanationJson(explanation),
    formatExplanation(explanation, style, context.columns),
  )
}

export const runExplain: Run<typeof explainOptions> = async (args, context, { operands }) => {
  const [word = ''] = operands
  if (args.codes) {
    if (word !== '')
      throw new UsageError('--codes lists all codes', { help: `use sessctl explain ${word}` })
    return answer(args, { codes: explainedCodes.codes }, `${explainedCodes.text}\n`)
  }
  if (word === '') return explainSpec('', args, context)
  const code = await explainedCode(word, context)
  if (code !== null) return answer(args, { codes: code.codes }, `${code.text}\n`)
  checkWord(word)
  return explainSpec(word, args, context)
}
