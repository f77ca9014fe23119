import { modeText, privateMode, sha256Of } from '../core/output/manifest.ts'
import type { Action, Change, WritePlan } from '../core/output/plan.ts'
import { secretNotes } from './secret-notes.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

export type Mode = 'write' | 'check' | 'dry-run'

const signs: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  remove: '-',
  unchanged: ' ',
}

/** Long lists are cut: 10,000 Tomcats are 20,000 files. */
const shownFiles = 40

const paint = (style: Style, action: Action): ((text: string) => string) =>
  action === 'create'
    ? style.green
    : action === 'update'
      ? style.yellow
      : action === 'remove'
        ? style.red
        : style.dim

const words: Readonly<Record<Mode, Readonly<Record<Action, string>>>> = {
  write: { create: 'created', update: 'updated', remove: 'removed', unchanged: 'unchanged' },
  check: {
    create: 'missing',
    update: 'out of date',
    remove: 'no longer wanted',
    unchanged: 'up to date',
  },
  'dry-run': {
    create: 'to create',
    update: 'to update',
    remove: 'to remove',
    unchanged: 'unchanged',
  },
}

const counts = ({ changes }: WritePlan, mode: Mode): string =>
  (['create', 'update', 'remove', 'unchanged'] as const)
    .flatMap((action) => {
      const number = changes.filter((change) => change.action === action).length
      return number === 0 ? [] : [`${number} ${words[mode][action]}`]
    })
    .join(', ')

const remark = ({ isEdited, openMode }: Change): string =>
  [
    ...(isEdited ? [' (had been edited by hand)'] : []),
    ...(openMode === null ? [] : [` (mode ${modeText(openMode)} let others read a secret)`]),
  ].join('')

const line = (change: Change, style: Style): string => {
  const { path, action } = change
  const remarks = remark(change)
  const name = paint(style, action)(`${signs[action]} ${visible(path)}`)
  return `  ${name}${remarks === '' ? '' : style.dim(remarks)}\n`
}

export const quotedArgument = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

const fixCommand = (out: string, file: string): string =>
  [
    'sessctl generate',
    ...(file === 'sessctl.yaml' ? [] : ['--file', quotedArgument(file)]),
    ...(out === 'generated' ? [] : ['--output', quotedArgument(out)]),
  ].join(' ')

/** Snippets are the user's own words: sessctl does not know what they do. */
const snippetNote = (snippets: readonly string[]): string => {
  const [first] = snippets
  if (first === undefined) return ''
  return snippets.length === 1
    ? `1 snippet, whose effect is not checked: ${visible(first)}\n`
    : `${snippets.length} snippets, whose effect is not checked: ${visible(first)}, …\n`
}

/** What was or would be changed: each file with a sign, and a last line with the counts. */
export const formatPlan = (
  plan: WritePlan,
  out: string,
  mode: Mode,
  file: string,
  snippets: readonly string[],
  style: Style,
): string => {
  const changed = plan.changes.filter(({ action }) => action !== 'unchanged')
  const listed = mode === 'write' && changed.length > 0 ? plan.changes : changed
  const more = listed.length - shownFiles
  const folder = out.endsWith('/') ? out : `${out}/`
  return [
    ...listed.slice(0, shownFiles).map((change) => line(change, style)),
    ...(more > 0 ? [`  … and ${more} more\n`] : []),
    `${style.bold(visible(folder))}: ${counts(plan, mode)}\n`,
    snippetNote(snippets),
    ...(mode === 'write' ? secretNotes(plan.changes) : []),
    ...(mode === 'check' && changed.length > 0
      ? [`to bring it up to date: ${style.bold(visible(fixCommand(out, file)))}\n`]
      : []),
  ].join('')
}

export const planForJson = ({ changes }: WritePlan): readonly object[] =>
  changes.map(({ path, action, after, isEdited, privateFor }) => ({
    path,
    action,
    sha256: after === null ? null : sha256Of(after),
    bytes: after === null ? null : after.length,
    editedByHand: isEdited,
    mode: privateFor === null ? null : modeText(privateMode),
  }))
