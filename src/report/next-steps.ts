import type { NextStep } from '../core/output/next-steps.ts'
import { documentation } from '../version.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** Long lists are cut; JSON has all of them. */
const shownNames = 4

const listed = (names: readonly string[]): string =>
  names.length > shownNames
    ? `${names.slice(0, shownNames - 1).join(', ')} and ${names.length - shownNames + 1} more`
    : names.join(', ')

const applications = {
  tomcat: { title: 'Tomcat', place: 'the CATALINA_BASE' },
  spring: { title: 'the application', place: 'config/ next to the application' },
  php: { title: 'PHP-FPM (or the web server that runs PHP)', place: 'the folder of php --ini' },
  django: { title: 'the application', place: 'the folder of settings.py' },
} as const

const startSentence = (step: Extract<NextStep, { kind: 'start' | 'restart' }>): string => {
  const { kind, runtime, servers, files, drain } = step
  const { title, place } = applications[runtime]
  const folders = [...new Set(files.map((path) => `${path.split('/').slice(0, 2).join('/')}/`))]
  const verb = runtime === 'php' ? 'reload' : kind === 'start' ? 'start or restart' : 'restart'
  const oneByOne = servers.length === 1 ? '' : ', one server at a time'
  const drained = drain ? ', after draining it in the proxy' : ''
  return `copy ${listed(folders)} to ${place} on ${listed(servers)}, then ${verb} ${title}${oneByOne}${drained}`
}

const sentence = (step: NextStep, libs: string | null): string => {
  switch (step.kind) {
    case 'store':
      return `make sure that the session store "${step.store}" is running${step.addresses.length === 0 ? '' : ` (${listed(step.addresses)})`}`
    case 'table':
      return `run ${step.file} in the database of the session store "${step.store}"`
    case 'jars':
      return `copy to lib/ of ${listed(step.servers)}: ${listed(step.names)} (${libs === null ? '--fetch-libs FOLDER downloads them' : `in ${libs}`})`
    case 'maven-dependency':
      return `add to the dependencies of the application: ${listed(step.names)}`
    case 'php-extension':
      return `install the PHP extension ${listed(step.names)} on ${listed(step.servers)}`
    case 'python-package':
      return `install the Python package ${listed(step.names)} on ${listed(step.servers)}`
    case 'environment':
      return `set in the environment of ${applications[step.runtime].title} on ${listed(step.servers)}: ${step.names.join(', ')}`
    case 'start':
    case 'restart':
      return startSentence(step)
    case 'reload': {
      const install = step.files.length === 0 ? [] : [`install ${listed(step.files)}`]
      const remove = step.removed.length === 0 ? [] : [`remove ${listed(step.removed)}`]
      return `${[...install, ...remove].join(', ')}, then: ${step.command}`
    }
    case 'stop':
      return `stop ${listed(step.servers)}: no proxy sends requests to ${step.servers.length === 1 ? 'it' : 'them'} any more`
    case 'remove':
      return `remove from your servers: ${listed(step.files)}`
  }
}

/**
 * A numbered list; nothing when nothing is left to do.
 * @param libs the folder that the jars were downloaded to; null: they were not.
 */
export const formatNextSteps = (
  steps: readonly NextStep[],
  libs: string | null,
  style: Style,
): string =>
  steps.length === 0
    ? ''
    : [
        `\n${style.bold('Next:')}\n`,
        ...steps.map((step, index) => `  ${index + 1}. ${visible(sentence(step, libs))}\n`),
        style.dim(`  see ${documentation}/how-to/deploy.md\n`),
      ].join('')
