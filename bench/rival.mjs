import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
/** Made by bench/install-python. */
const installed = join(cache, 'sessctl/bench-python/bin/python')

/** The program itself, never a wrapper that a version manager puts before it. */
const probe = `
import sys, jinja2, yaml
yaml.CSafeLoader
print(sys.executable)
print("Python %d.%d.%d" % sys.version_info[:3], "PyYAML", yaml.__version__, "Jinja2", jinja2.__version__)
`

const findPython = () => {
  for (const python of [installed, 'python3']) {
    if (python === installed && !existsSync(python)) continue
    const { status, stdout } = spawnSync(python, ['-c', probe], { encoding: 'utf8' })
    const [program, versions] = (stdout ?? '').split('\n')
    if (status === 0 && program && versions) return { program, versions }
  }
  return null
}

const python = findPython()

/** What stands against sessctl, for the table. */
export const rivalName = python?.versions ?? 'plain JS writer (no Python with PyYAML and Jinja2)'

/**
 * Another program that writes the same servers from the same spec, as a whole process.
 * @param {string} spec @param {import('./specs.mjs').Target} target @param {string} out a file
 * @returns {import('./paired.mjs').Command}
 */
export const rival = (spec, target, out) => ({
  name: rivalName,
  argv:
    python === null
      ? [process.execPath, join(here, 'plain-writer.mjs'), spec, target, out]
      : [python.program, join(here, 'jinja/render.py'), spec, `${target}.j2`, out],
})
