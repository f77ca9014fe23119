import { spawn } from 'node:child_process'
import { createHash, type Hash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BuildError, ToolError } from '../../errors.ts'

const mebibyte = 1024 * 1024
/** Four times the largest source that nginx links (OpenSSL). */
const mostUnpacked = 1024 * mebibyte
/** Sources are packed 4:1 to 15:1. */
const mostRatio = 100
/** Up to this size the ratio does not count. */
const freeBytes = 64 * mebibyte

export const refused = (archive: string, why: string): BuildError =>
  new BuildError(`${archive} is refused: ${why}`, {
    help: 'download the archive from the project itself: no release of nginx or its libraries looks like this',
  })

export const damaged = (archive: string, error: unknown): BuildError => {
  const { message } = error as Error
  const isCut = /unexpected end of file|truncated/i.test(message)
  return new BuildError(
    `${archive} is not a readable archive: ${isCut ? 'it is incomplete' : message}`,
    { cause: error, help: 'download it again; .tar, .tar.gz, .tar.xz and .tar.bz2 are supported' },
  )
}

/** How many bytes a packed file of this size may become. */
export const mostOf = (packedBytes: number): number =>
  Math.min(mostUnpacked, Math.max(freeBytes, packedBytes * mostRatio))

const marks = {
  gzip: '\x1f\x8b',
  xz: '\xfd7zXZ\0',
  bzip2: 'BZh',
  zstd: '\x28\xb5\x2f\xfd',
} as const

type Form = keyof typeof marks | 'plain'

const formOf = (start: Uint8Array): Form => {
  const text = Buffer.from(start).toString('latin1')
  if (text.startsWith(marks.gzip)) return 'gzip'
  if (text.startsWith(marks.xz)) return 'xz'
  if (text.startsWith(marks.bzip2)) return 'bzip2'
  return text.startsWith(marks.zstd) ? 'zstd' : 'plain'
}

const startOf = (file: string): Uint8Array => {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(marks.xz.length)
    return start.subarray(0, readSync(descriptor, start, 0, start.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** xz reserves as much memory as the file asks for; `xz -9` needs 65 MiB. */
const programs = {
  xz: {
    args: ['--memlimit-decompress=256MiB', '--threads=1'],
    help: 'install xz-utils (Debian) or xz',
  },
  bzip2: { args: [], help: 'install bzip2' },
} as const

const isBytes = (chunk: unknown): chunk is Buffer => Buffer.isBuffer(chunk)

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) if (isBytes(chunk)) yield chunk
}

async function* hashed(file: string, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of bytesOf(createReadStream(file))) {
    hash.update(chunk)
    yield chunk
  }
}

/** Of our environment only PATH is handed on: XZ_OPT and BZIP2 are options of these programs. */
async function* byProgram(
  name: keyof typeof programs,
  file: string,
  packed: Readable,
): AsyncGenerator<Buffer> {
  const { args, help } = programs[name]
  const child = spawn(name, [...args, '--decompress', '--stdout'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 1000) said += text
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT'
      reject(isMissing ? new ToolError(`${file} needs the program ${name}`, { help }) : error)
    })
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(said.split('\n', 1)[0] || `${name} ended with ${code}`))
    })
  })
  ended.catch(() => undefined)
  // What it does not read is told by its exit code.
  pipeline(packed, child.stdin, () => undefined)
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  try {
    yield* bytesOf(child.stdout)
    await ended
  } finally {
    kill()
    process.off('exit', kill)
  }
}

const expanded = (form: Form, file: string, packed: Readable): AsyncGenerator<Buffer> => {
  if (form === 'plain') return bytesOf(packed)
  if (form === 'xz' || form === 'bzip2') return byProgram(form, file, packed)
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  pipeline(packed, gunzip, () => undefined)
  return bytesOf(gunzip)
}

/**
 * What a .gz, .xz or .bz2 file holds, or a plain file, chunk by chunk: never all of it in memory.
 * @param sha256 what the packed file has to be; null where nobody has looked at it before.
 * @throws BuildError beyond a limit on the size and on the ratio, for a damaged file, and for one
 * that is not the file that was verified.
 */
export async function* unpacked(file: string, sha256: string | null): AsyncGenerator<Buffer> {
  const form = formOf(startOf(file))
  if (form === 'zstd') throw damaged(file, new Error('it is compressed with zstd'))
  const most = form === 'plain' ? mostUnpacked : mostOf(statSync(file).size)
  const hash = createHash('sha256')
  let bytes = 0
  const packed = Readable.from(hashed(file, hash))
  for await (const chunk of expanded(form, file, packed)) {
    // The reader of archives would unpack it once more, where nothing is counted.
    if (bytes === 0 && form !== 'plain' && formOf(chunk) !== 'plain')
      throw refused(file, 'it is compressed twice')
    bytes += chunk.length
    if (bytes > most) {
      const isRatio = most < mostUnpacked
      throw refused(
        file,
        isRatio
          ? `it expands to more than ${mostRatio} times its size (limit ${Math.floor(most / mebibyte)} MiB)`
          : `it expands to more than ${mostUnpacked / mebibyte} MiB`,
      )
    }
    yield chunk
  }
  if (sha256 !== null && hash.digest('hex') !== sha256)
    throw refused(file, 'it was changed after it was verified')
}
