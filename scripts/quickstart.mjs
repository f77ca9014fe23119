// Generates the configuration of an example with two Tomcats, and shows parts of it.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = join('fixtures', 'specs', 'jvm-route.yaml')
const spec = existsSync(example) ? example : relative('.', join(root, example))
const out = 'generated'

const print = (text) => process.stdout.write(text)

print(`> sessctl generate ${spec}\n`)
execFileSync(
  process.execPath,
  [join(root, 'bin', 'sessctl.js'), 'generate', spec],
  // Diagnostics go to standard error; here they are part of the example.
  { stdio: ['ignore', 'inherit', 1] },
)

/** The lines from the first that begins with `start` to the first after it that is just `end`. */
const excerpt = (path, start, end) => {
  const lines = readFileSync(join(out, ...path.split('/')), 'utf8').split('\n')
  const from = lines.findIndex((line) => line.trimStart().startsWith(start))
  const length = lines.slice(from).findIndex((line) => end.test(line))
  print(
    `\n${out}/${path}:\n${lines
      .slice(from, from + length + 1)
      .join('\n')
      .trimEnd()}\n`,
  )
}

excerpt('nginx/jvm-route.conf', 'upstream ', /^\}/)
excerpt('haproxy/haproxy.cfg', 'backend ', /^$/)
excerpt('tomcat/tomcat01/conf/server.xml', '<Engine', />/)
print(
  `\nAll files are in ${out}/. After a change of the spec, sessctl diff shows what would change.\n`,
)
