import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFolder } from './cases.ts'
import { keysTable } from './keys-table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A folder as a reader would have it: the fixtures, and nothing else of ours. */
export const withReadersFolder = <Result>(work: (folder: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-docs-'))
  try {
    cpSync(join(root, 'fixtures', 'specs'), join(folder, 'fixtures', 'specs'), { recursive: true })
    cpSync(join(root, 'fixtures', 'docs'), folder, { recursive: true })
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const argumentsOf = (line: string): readonly string[] => {
  const words = line.split(' ')
  if (line === 'npm ci && npm run quickstart') return [join(root, 'scripts', 'quickstart.mjs')]
  if (words[0] !== 'sessctl')
    throw new Error(`the docs show a command that no test can run: ${line}`)
  return [join(root, 'bin', 'sessctl.js'), ...words.slice(1)]
}

/** Runs `$ command` lines one after another in the folder; what they print stands below each. */
const runBlock = (block: string, folder: string): string =>
  block
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => {
      const [command = '', exit] = line.slice(2).split('; echo ')
      const result = spawnSync(process.execPath, [...argumentsOf(command)], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', COLUMNS: '80' },
      })
      // A page must never be brought up to date with a crash.
      if (
        result.status === null ||
        result.status === 70 ||
        result.stderr.includes('node:internal')
      ) {
        throw new Error(`${command}: ${result.stderr}`)
      }
      return `${line}\n${result.stderr}${result.stdout}${exit === undefined ? '' : `${result.status}\n`}`
    })
    .join('')

const consoleBlock = /```console\n([\s\S]*?)```/g
const artifactBlock = /(<!-- artifact: (\S+) (\S+)(?: from "([^"]*)")? -->\n```\w+\n)[\s\S]*?```/g
const fileBlock = /(<!-- file: (\S+) -->\n```\w+\n)[\s\S]*?```/g
const keysBlock = /(<!-- keys -->\n)[\s\S]*?(<!-- \/keys -->)/g

/** From the first line that starts with the text to the next line that closes it. */
const part = (text: string, start: string | undefined): string => {
  if (start === undefined) return text
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.startsWith(start))
  const length = lines.slice(from).findIndex((line) => line === '' || line.startsWith('}'))
  return `${lines
    .slice(from, from + length + 1)
    .join('\n')
    .trimEnd()}\n`
}

const artifactText = (spec: string, path: string, start: string | undefined): string => {
  const { artifacts } = compileFolder(root, spec)
  const artifact = artifacts.find((candidate) => candidate.path === path)
  if (!artifact) throw new Error(`${spec} writes no ${path}`)
  return part(artifact.text, start)
}

/** A page of the docs with every output, artifact and table made anew. */
export const refreshed = (page: string): string => {
  const text = readFileSync(join(root, page), 'utf8')
  return withReadersFolder((folder) =>
    text
      .replace(
        fileBlock,
        (_, head: string, file: string) => `${head}${readFileSync(join(root, file), 'utf8')}\`\`\``,
      )
      .replace(
        consoleBlock,
        (_, block: string) => `\`\`\`console\n${runBlock(block, folder)}\`\`\``,
      )
      .replace(
        artifactBlock,
        (_, head: string, spec: string, path: string, start: string | undefined) =>
          `${head}${artifactText(spec, path, start)}\`\`\``,
      )
      .replace(keysBlock, (_, head: string, tail: string) => `${head}${keysTable()}${tail}`),
  )
}
