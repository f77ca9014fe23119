import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFolder } from './cases.ts'
import { keysTable } from './keys-table.ts'
import { runHere } from './run-here.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A folder as a reader would have it: the fixtures, and nothing else of ours. */
const withReadersFolder = async <Result>(
  work: (folder: string) => Result | Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-docs-'))
  try {
    cpSync(join(root, 'fixtures', 'specs'), join(folder, 'fixtures', 'specs'), { recursive: true })
    cpSync(join(root, 'fixtures', 'docs'), folder, { recursive: true })
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Printed {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const runLine = async (line: string, cwd: string): Promise<Printed> => {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', COLUMNS: '80' }
  const [program, ...args] = line.split(' ')
  if (program === 'sessctl') return runHere(args, { cwd, env })
  if (line !== 'npm ci && npm run quickstart')
    throw new Error(`the docs show a command that no test can run: ${line}`)
  const script = join(root, 'scripts', 'quickstart.mjs')
  const { status, ...said } = spawnSync(process.execPath, [script], { cwd, encoding: 'utf8', env })
  return { ...said, exitCode: status }
}

/** Runs `$ command` lines one after another in the folder; what they print stands below each. */
const runBlock = async (block: string, folder: string): Promise<string> => {
  let text = ''
  for (const line of block.split('\n').filter((one) => one.startsWith('$ '))) {
    const [command = '', exit] = line.slice(2).split('; echo ')
    const { exitCode, stdout, stderr } = await runLine(command, folder)
    // A page must never be brought up to date with a crash.
    if (exitCode === null || exitCode === 70 || stderr.includes('node:internal'))
      throw new Error(`${command}: ${stderr}`)
    text += `${line}\n${stderr}${stdout}${exit === undefined ? '' : `${exitCode}\n`}`
  }
  return text
}

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

/** The console blocks of a page, with what their commands print, in their order. */
const consoleBlocks = async (text: string, folder: string): Promise<readonly string[]> => {
  const blocks: string[] = []
  for (const [, block = ''] of text.matchAll(consoleBlock))
    blocks.push(`\`\`\`console\n${await runBlock(block, folder)}\`\`\``)
  return blocks
}

/** A page of the docs with every output, artifact and table made anew. */
export const refreshed = async (page: string): Promise<string> => {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = [...(await withReadersFolder((folder) => consoleBlocks(text, folder)))]
  return text
    .replace(
      fileBlock,
      (_, head: string, file: string) => `${head}${readFileSync(join(root, file), 'utf8')}\`\`\``,
    )
    .replace(consoleBlock, () => blocks.shift() ?? '')
    .replace(
      artifactBlock,
      (_, head: string, spec: string, path: string, start: string | undefined) =>
        `${head}${artifactText(spec, path, start)}\`\`\``,
    )
    .replace(keysBlock, (_, head: string, tail: string) => `${head}${keysTable()}${tail}`)
}
