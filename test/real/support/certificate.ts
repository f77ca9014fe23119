import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'
import { tempDir } from './temp-dir.ts'

export interface Certificate {
  /** PEM texts. */
  readonly certificate: string
  readonly key: string
}

/**
 * A self-signed certificate for localhost, good for two days.
 * @param names for clients that check them, such as `IP:127.0.0.1`
 */
export const makeCertificate = async (names: readonly string[] = []): Promise<Certificate> => {
  const dir = tempDir()
  const [certificate, key] = [join(dir, 'localhost.crt'), join(dir, 'localhost.key')]
  const subject = ['-subj', '/CN=localhost', '-days', '2']
  if (names.length > 0) subject.push('-addext', `subjectAltName=${names.join(',')}`)
  const files = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate]
  await run(['openssl', 'req', '-x509', ...files, ...subject], dir)
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** Puts it where a configuration names it: in two files, or in one. */
export const placeCertificate = (
  made: Certificate,
  { certificate, key }: Readonly<Record<'certificate' | 'key', string>>,
): void => {
  writeFileSync(certificate, made.certificate)
  writeFileSync(key, certificate === key ? made.certificate + made.key : made.key)
}
