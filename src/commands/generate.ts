import { defineCommand, flag, text } from './define.ts'
import {
  allowOutsideOption,
  fileOption,
  formatOption,
  outputOption,
  specOperand,
  targetOption,
  verboseOption,
} from './options.ts'

export const generateOptions = {
  file: fileOption,
  allowOutside: allowOutsideOption,
  output: outputOption,
  target: targetOption,
  check: flag('--check', 'write nothing; exit 1 if a file would change'),
  stdout: flag('--stdout', 'print the files instead of writing them'),
  dryRun: flag('-n, --dry-run', 'write nothing; list the files that would change'),
  validate: flag('--validate', 'check the files with the installed servers before writing'),
  fetchLibs: text(
    '--fetch-libs <folder>',
    'download the jars of Tomcat session stores to this folder and verify them',
    null,
  ),
  mavenRepository: text(
    '--maven-repository <place>',
    'the Maven repository of --fetch-libs: an https URL or a folder (environment: SESSCTL_MAVEN_REPOSITORY)',
    null,
  ),
  offline: flag('--offline', 'with --fetch-libs: verify existing jars, download nothing'),
  errorOnWarnings: flag('--error-on-warnings', 'treat warnings as errors'),
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors'),
  verbose: verboseOption,
}

export const generate = defineCommand({
  name: 'generate',
  summary: 'generate the configuration files of a spec',
  details: [
    'Reads the spec, checks it, and writes the files and manifest.json to the output folder. Files of an earlier run that are no longer needed are removed; other files are left alone.',
    'After that it prints what is left to do for the files that this run changed, in order: session stores, jars and packages, environment variables, application servers, reloads of the proxies, servers to stop.',
    '--validate runs nginx -t, haproxy -c, httpd -t and a real start of Tomcat in a private folder before anything is written; servers running on this host are not touched. SESSCTL_NGINX, SESSCTL_HAPROXY, SESSCTL_HTTPD, SESSCTL_HTTPD_MODULES, SESSCTL_JAVA and SESSCTL_TOMCAT (or CATALINA_HOME) select the programs.',
  ],
  examples: [
    ['sessctl generate', 'write the files of sessctl.yaml to generated/'],
    ['sessctl generate --check', 'in CI: exit 1 if generated/ is not up to date'],
    ['sessctl generate --stdout -t nginx - < shop.yaml', 'print the nginx configuration'],
    [
      'sessctl generate --fetch-libs libs --maven-repository ~/.m2/repository',
      'also copy the jars for the lib folder of each Tomcat',
    ],
    ['sessctl generate --validate', 'check the files with nginx, HAProxy, httpd and Tomcat first'],
  ],
  operands: [specOperand],
  options: generateOptions,
  load: async () => (await import('./generate/run.ts')).runGenerate,
})
