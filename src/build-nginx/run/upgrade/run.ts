import type { Outcome } from '../../../commands/define.ts'
import type { Context } from '../../../context.ts'
import { BuildError } from '../../../errors.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { formatJson } from '../../../report/json.ts'
import { generationsOf } from '../../core/upgrade/generations.ts'
import {
  type Generation,
  type Journal,
  journalFile,
  parseJournal,
} from '../../core/upgrade/journal.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Cache } from '../cache.ts'
import type { Engine } from '../engine.ts'
import type { Args } from '../request.ts'
import { realFile, upgradeOptions } from './install-request.ts'
import { type Resumed, resume } from './resume.ts'

const answer = (args: Args, content: object, text: string): Outcome => ({
  exitCode: exitCodes.done,
  stdout: args.format === 'json' ? formatJson('build-nginx', exitCodes.done, content) : text,
  stderr: '',
})

const generationText = ({ release, replacedAt, files }: Generation, index: number): string => {
  const count = files.length === 1 ? '1 file' : `${files.length} files`
  const command = index === 0 ? '--rollback' : `--rollback --generation ${index + 1}`
  return `  ${command.padEnd(28)}nginx ${release ?? 'of an unknown release'}, replaced at ${replacedAt} (${count})\n`
}

const journalText = (sbin: string, journal: Journal | null): string =>
  journal === null
    ? `${sbin}: no unfinished upgrade\n`
    : [
        `${sbin}: ${journal.state.kind} of ${journal.startedAt}, ${journal.end ?? `stopped at ${journal.state.stage}, direction ${journal.state.goal}`}\n`,
        ...generationsOf(journal).map(generationText),
      ].join('')

const show = async (args: Args, sbin: string, { disk }: BuildWorld): Promise<Outcome> => {
  const bytes = await disk.readIfThere(journalFile(sbin))
  const journal = bytes === null ? null : parseJournal(new TextDecoder().decode(bytes))
  const generations = generationsOf(journal)
  return answer(args, { journal, generations }, journalText(sbin, journal))
}

/** `--resume-upgrade` and `--rollback`: nothing is built. */
export const runResume = async (
  args: Args,
  cache: Cache,
  engine: Engine,
  context: Context,
  world: BuildWorld,
): Promise<Outcome> => {
  const { sbin: named, generation, keep } = upgradeOptions(args, context)
  const sbin = realFile(named ?? (await lastUpgraded(cache, world)), world)
  if (args.dryRun) return show(args, sbin, world)
  const goal = args.rollback ? 'back' : 'forward'
  const resumed: Resumed = await resume(sbin, goal, { generation, keep }, engine, {
    context,
    world,
  })
  return answer(args, { sbin, ...resumed }, `${sbin}: ${resumed.text}\n`)
}

const fileIn = ({ folder }: Cache): string => `${folder}/last-upgrade`

/** So that --resume-upgrade needs no other word; what counts lies beside the nginx itself. */
export const rememberUpgraded = (sbin: string, cache: Cache, { disk }: BuildWorld): Promise<void> =>
  disk.write(fileIn(cache), `${sbin}\n`)

export const lastUpgraded = async (cache: Cache, { disk }: BuildWorld): Promise<string> => {
  const bytes = await disk.readIfThere(fileIn(cache))
  if (bytes !== null) return new TextDecoder().decode(bytes).trim()
  throw new BuildError('the nginx to upgrade is not known', {
    help: 'set it: --sbin /usr/sbin/nginx',
  })
}
