import type { HttpdTarget } from '../model/target.ts'
import {
  type CheckInput,
  type OutputContext,
  type PlannedCheck,
  type Tool,
  type ToolMessage,
  type ToolOutput,
  toolMessage,
  type Verdict,
} from './check.ts'
import { lackMarker, loadModules } from './httpd-modules.ts'
import { asFiles, planProxy } from './plan-proxy.ts'

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`

/** Where httpd writes, below a folder. */
export const httpdPlaces = (folder: string): readonly string[] => [
  // Without it, httpd resolves the name of this host.
  'ServerName localhost',
  `DefaultRuntimeDir ${quoted(folder)}`,
  `PidFile ${quoted(`${folder}/httpd.pid`)}`,
  `ErrorLog ${quoted(`${folder}/error.log`)}`,
]

/**
 * A complete httpd.conf that includes the artifacts; httpd writes below the temporary folder only.
 * @param more further lines.
 */
export const httpdConfig = (
  folder: string,
  modulesFolder: string | null,
  relocated: readonly { readonly path: string; readonly text: string }[],
  more: readonly string[] = [],
): string => {
  const text = relocated.map((artifact) => artifact.text).join('\n')
  const lines = [
    ...loadModules(modulesFolder, text),
    ...httpdPlaces(folder),
    ...more,
    ...relocated.map(({ path }) => `Include ${quoted(`${folder}/${path}`)}`),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * `httpd -t` on the artifacts within a complete httpd.conf. The check binds no addresses, so listeners
 * are unchanged.
 * @param modulesFolder SESSCTL_HTTPD_MODULES; null: only the usual folders.
 */
export const planHttpd = (
  input: CheckInput,
  target: HttpdTarget,
  tool: Tool,
  modulesFolder: string | null,
): PlannedCheck | string =>
  planProxy(input, tool, {
    dialect: 'httpd',
    listeners: 'kept',
    product: 'httpd',
    wanted: target.version,
    lacks: null,
    complete: (relocated) => {
      const content = httpdConfig(input.folder, modulesFolder, relocated)
      return {
        files: [...asFiles(relocated), { path: 'httpd.conf', content }],
        folders: [],
        args: ['-t', '-f', `${input.folder}/httpd.conf`],
        notes: [],
      }
    },
    read: readHttpd,
  })

/** `AH00526: Syntax error on line 12 of file:`; the error itself is on the next line. */
const syntaxError = /Syntax error on line (\d+) of (.*):$/

/** `AH00112: Warning: …` and `[time] [module:warn] [pid …] AH01146: …`. */
const warning = /^(?:AH\d+: Warning: |(?:\[[^\]]*\] )*\[[a-z_]*:warn\] (?:\[[^\]]*\] )*)(.*)$/

/** A missing document root and an unknown name of this host: no errors of the artifacts. */
const ofThisHost = /AH00112|AH0055[78]/

/** Errors of an httpd that is older than the release in the spec. */
const unknownHere = /^(?:Invalid command '|.*unknown (?:\S+ )?parameter)/i

const noise =
  /^(?:Syntax OK|Action '.*' failed\.|The Apache error log may have more information\.)?$/

/** Reads the output of `httpd -t`. */
export const readHttpd = ({ exitCode, output }: ToolOutput, context: OutputContext): Verdict => {
  const lines = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !noise.test(line) && !ofThisHost.test(line))
  const lack = lines.find((line) => line.includes(lackMarker))
  if (lack !== undefined) {
    const module = lack.slice(lack.indexOf(lackMarker) + lackMarker.length).trim()
    return { kind: 'not-checked', reason: `the httpd of this host has no ${module}` }
  }
  const findings: ToolMessage[] = []
  const add = (
    severity: ToolMessage['severity'],
    message: string,
    file?: string,
    line?: string,
  ) => {
    findings.push(toolMessage(severity, message, file, line, context))
  }
  let isTaken = false
  for (const [index, line] of lines.entries()) {
    if (isTaken) {
      isTaken = false
      continue
    }
    const [, number, file] = syntaxError.exec(line) ?? []
    const [, text] = warning.exec(line) ?? []
    if (file !== undefined) {
      isTaken = true
      add('error', lines[index + 1] ?? line, file, number)
    } else if (text !== undefined) add('warning', text)
    else if (exitCode !== 0) add('error', line)
  }
  if (exitCode === 0) return { kind: 'accepted', findings }
  const [error] = findings.filter(({ severity }) => severity === 'error')
  if (error === undefined) {
    return { kind: 'not-checked', reason: `httpd -t ended with ${exitCode ?? 'a signal'}` }
  }
  if (context.lacks !== null && unknownHere.test(error.message)) {
    return { kind: 'not-checked', reason: `${context.lacks}: ${error.message}` }
  }
  return { kind: 'refused', findings, others: 'not-checked' }
}
