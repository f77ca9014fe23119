import { defineCommand, flag, text } from './define.ts'
import { fileOption, formatOption, outOption, targetOption, verboseOption } from './options.ts'

export const generateOptions = {
  file: fileOption,
  out: outOption,
  target: targetOption,
  check: flag('--check', 'write nothing; exit 1 when something would change'),
  stdout: flag('--stdout', 'print the artifacts instead of writing them'),
  dryRun: flag('-n, --dry-run', 'say what would be written, and write nothing'),
  validate: flag('--validate', 'let the installed real servers check the artifacts first'),
  fetchLibs: text(
    '--fetch-libs <folder>',
    'bring the jars that session stores of Tomcat need there, verified',
    null,
  ),
  mavenRepository: text(
    '--maven-repository <place>',
    'where they come from: the https address of a Maven repository, or a folder; SESSCTL_MAVEN_REPOSITORY says so for good',
    null,
  ),
  offline: flag('--offline', 'with --fetch-libs: only verify what is there'),
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors'),
  verbose: verboseOption,
}

export const generate = defineCommand({
  name: 'generate',
  summary: 'write every configuration that the spec asks for',
  details:
    'Reads the spec, checks it, and writes the artifacts and manifest.json below --out. Files of an\nearlier run that are no longer wanted go; files that sessctl did not write stay.\n\n--validate asks nginx -t, haproxy -c, httpd -t and a real start of Tomcat, in a private folder and\nbefore anything is written; what runs on this host is left alone. They are looked for where they\nusually are; SESSCTL_NGINX, SESSCTL_HAPROXY, SESSCTL_HTTPD, SESSCTL_HTTPD_MODULES, SESSCTL_JAVA and\nSESSCTL_TOMCAT (or CATALINA_HOME) name others.',
  examples: [
    ['sessctl generate', 'sessctl.yaml → generated/'],
    ['sessctl generate --check', 'in CI: exit 1 when generated/ is not what the spec says'],
    [
      'sessctl generate --file - --stdout --target nginx < shop.yaml',
      'print the nginx configuration',
    ],
    [
      'sessctl generate --fetch-libs libs --maven-repository ~/.m2/repository',
      'and the jars for the lib folder of each Tomcat',
    ],
    ['sessctl generate --validate', 'also ask the installed nginx, HAProxy, httpd and Tomcat'],
  ],
  options: generateOptions,
  load: async () => (await import('./generate/run.ts')).runGenerate,
})
