import { folderOf, pathBelow } from '../config/glob.ts'
import {
  type HaproxyDocument,
  type HaproxyStatement,
  readHaproxy,
} from '../config/haproxy/config.ts'
import { haproxyOrder } from '../config/haproxy/order.ts'
import { type ConfigEdit, editText } from '../config/text.ts'
import { baseInput } from '../dialects/edited-files.ts'
import { haproxyWord } from '../dialects/haproxy/quote.ts'
import { isIpv4, isIpv6 } from '../model/ip.ts'
import type { HaproxyTarget } from '../model/target.ts'
import type { Artifact } from '../render/artifact.ts'
import { encodeText } from '../render/encode-text.ts'
import {
  type CheckInput,
  isRelease,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolOutput,
  type Verdict,
} from './check.ts'
import { withEdited } from './edited-config.ts'
import { readHaproxy as readOutput } from './haproxy.ts'
import { restoreOriginals } from './originals.ts'
import { throwawayPair } from './throwaway-pair.ts'

/** Lua runs while HAProxy reads its configuration. */
const runsCode = /^(?:lua-load|lua-load-per-thread|lua-prepend-path|module-load|ssl-engine)$/

/** Lines about files and users of the host that the check does not need. */
const leftOut =
  /^(?:user|group|uid|gid|chroot|pidfile|ca-base|crt-base|key-base|server-state-(?:base|file)|load-server-state-from-file|ssl-dh-param-file|errorfiles?|set-dumpable|nbproc|cpu-map)$/

/** Words whose next word is a certificate. */
const certificates = /^(?:crt|ca-file|ca-verify-file|ca-sign-file)$/

/** Words that read a file of the host line by line. */
const readsFile = /^(?:crt-list|-f|lf-file|crl-file|tls-ticket-keys)$|(?:^|,)map(?:_\w+)?\(/

/** Which word of a line is an address that HAProxy would look up. */
const addresses: Readonly<Record<string, number>> = {
  ...{ server: 2, 'server-template': 3, peer: 2, nameserver: 2, mailer: 2, bind: 1, log: 1 },
}

/** A host name with its port; null: another form of address. */
const hostName = (address: string): RegExpExecArray | null => {
  const found = /^((?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*)(:\S*)?$/.exec(address)
  const [, host = ''] = found ?? []
  return isIpv4(host) || isIpv6(host) || /^(?:global|stdout|stderr)$/.test(host) ? null : found
}

const wordEdit = (
  { words }: HaproxyStatement,
  index: number,
  text: string,
): readonly ConfigEdit[] => {
  const word = words[index]
  return word === undefined ? [] : [{ start: word.start, end: word.end, text: haproxyWord(text) }]
}

const editsOf = (statement: HaproxyStatement, pair: string): readonly ConfigEdit[] => {
  const { args, end, name, start } = statement
  if (leftOut.test(name) || (name === 'stats' && args[0] === 'socket'))
    return [{ start, end, text: '' }]
  const at = addresses[name] ?? null
  const [, , port = ''] = at === null ? [] : (hostName(args[at - 1] ?? '') ?? [])
  const isNamed = at !== null && hostName(args[at - 1] ?? '') !== null
  return [
    ...(isNamed ? wordEdit(statement, at, `127.0.0.1${port}`) : []),
    ...args.flatMap((word, index) =>
      certificates.test(word) ? wordEdit(statement, index + 2, pair) : [],
    ),
  ]
}

/** Only the real host has it. */
const ofOtherHost =
  /No such file or directory|unable to (?:stat|load|open)|Permission denied|cannot find (?:user|group)|could not resolve/i

const readBase = (answer: ToolOutput, context: OutputContext, hasVariables: boolean): Verdict => {
  const verdict = readOutput(answer, context)
  if (verdict.kind !== 'refused') return verdict
  const missing = verdict.findings.find(({ message }) => ofOtherHost.test(message))
  if (missing !== undefined)
    return { kind: 'not-checked', reason: `it needs files of its host: ${missing.message}` }
  return hasVariables
    ? { kind: 'not-checked', reason: 'it uses environment variables of its host' }
    : verdict
}

/** A file of the configuration: edited, or as it is. */
interface Staged {
  /** Relative to the folder of the check. */
  readonly path: string
  /** As the spec would name it. */
  readonly shown: string
  readonly artifact: Artifact | null
  readonly document: HaproxyDocument
}

const stagedFiles = (base: string, { artifacts, inputs }: CheckInput): readonly Staged[] => {
  const input = baseInput(inputs, base)
  if (input === null) return []
  const { artifactOf, config } = withEdited(input, artifacts)
  return haproxyOrder(config).map(([path, bytes]) => ({
    path: `haproxy/${path}`,
    shown: pathBelow(folderOf(base), path),
    artifact: artifactOf(path),
    document: readHaproxy(bytes),
  }))
}

/** Why HAProxy may not be asked; null: it may. */
const obstacleIn = (files: readonly Staged[]): string | null => {
  for (const { document, shown } of files) {
    const running = document.lines.find(({ name }) => runsCode.test(name))
    if (running !== undefined) return `"${running.name}" would run code during the check`
    const reading = document.lines.find(({ args }) => args.some((word) => readsFile.test(word)))
    if (reading === undefined) continue
    const where = files.length === 1 ? '' : ` of ${shown}`
    return `line ${reading.line}${where} reads a file of its host`
  }
  return null
}

/** The place in a file that is not edited becomes a part of the message. */
const withPlaces = (
  { output, ...answer }: ToolOutput,
  files: ReadonlyMap<string, Staged>,
): ToolOutput => ({
  ...answer,
  output: output.replace(
    /parsing \[(.*):(\d+)\] ?: /g,
    (whole: string, name: string, line: string) => {
      const file = files.get(name)
      return file === undefined || file.artifact !== null ? whole : `${file.shown}:${line}: `
    },
  ),
})

/** `haproxy -c` on a copy of the edited configuration. The check binds no addresses. */
export const planHaproxyBase = (
  input: CheckInput,
  target: HaproxyTarget & { readonly base: string },
  tool: Tool,
): PlannedCheck | string => {
  const { artifacts, folder } = input
  const files = stagedFiles(target.base, input)
  if (files.length === 0) return `"${target.base}" was not read`
  const obstacle = obstacleIn(files)
  if (obstacle !== null) return obstacle
  const pair = `${folder}/pair.pem`
  const isOther = tool.product !== 'HAProxy' || !isRelease(tool.version, target.version)
  const hasVariables = files.some(({ document }) =>
    document.lines.some(({ words }) => words.some(({ isFixed }) => !isFixed)),
  )
  const covers = artifacts.map(({ path }) => path)
  const byPath = new Map(files.map((file) => [`${folder}/${file.path}`, file]))
  const context: OutputContext = {
    placeOf: (name, line) => {
      const artifact = byPath.get(name)?.artifact ?? null
      return artifact === null ? { path: null, line: null } : { path: artifact.path, line }
    },
    original: restoreOriginals([{ relocated: `${folder}/`, original: '' }]),
    fallback: covers[0] ?? null,
    lacks: isOther ? `${tool.product} ${tool.version} is not HAProxy ${target.version.text}` : null,
  }
  return {
    covers,
    twins: [],
    insteadOf: isOther ? `HAProxy ${target.version.text}` : null,
    notes: [],
    check: {
      files: [
        ...files.map(({ document: { encoding, lines, text }, path }) => {
          const edits = lines.flatMap((statement) => editsOf(statement, pair))
          return { path, content: encodeText(editText(text, edits), encoding) }
        }),
        { path: 'pair.pem', content: throwawayPair },
      ],
      folders: [],
      args: ['-c', ...files.flatMap(({ path }) => ['-f', `${folder}/${path}`])],
    },
    until: null,
    read: (answer) => readBase(withPlaces(answer, byPath), context, hasVariables),
  }
}
