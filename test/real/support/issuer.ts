import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'
import { tempDir } from './temp-dir.ts'

export interface IssuedCertificate {
  /** A PEM file with certificate, issuer and key. */
  readonly file: string
  readonly certificate: string
  readonly key: string
}

export interface Issuer {
  readonly dir: string
  /** PEM file of the issuer. */
  readonly file: string
  readonly keyFile: string
  /**
   * @param subject such as `/O=Shop/CN=alice`
   * @param extensions lines of an extension file of openssl
   */
  readonly issue: (
    name: string,
    subject: string,
    extensions: readonly string[],
  ) => Promise<IssuedCertificate>
}

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** An issuer of certificates that are valid for two days. */
export const makeIssuer = async (subject: string): Promise<Issuer> => {
  const dir = tempDir()
  const [file, keyFile] = [join(dir, 'issuer.crt'), join(dir, 'issuer.key')]
  const self = ['-x509', '-days', '2', '-subj', subject, '-keyout', keyFile, '-out', file]
  await run(['openssl', 'req', ...ec, ...self], dir)
  const issue: Issuer['issue'] = async (name, ofName, extensions) => {
    const at = (end: string): string => join(dir, `${name}.${end}`)
    writeFileSync(at('ext'), `${extensions.join('\n')}\n`)
    const request = ['-keyout', at('key'), '-out', at('csr'), '-subj', ofName, '-utf8']
    await run(['openssl', 'req', ...ec, ...request], dir)
    const signed = ['-CA', file, '-CAkey', keyFile, '-CAcreateserial', '-days', '2']
    const files = ['-in', at('csr'), '-out', at('crt'), '-extfile', at('ext')]
    await run(['openssl', 'x509', '-req', ...signed, ...files], dir)
    const [certificate, key] = [readFileSync(at('crt'), 'utf8'), readFileSync(at('key'), 'utf8')]
    writeFileSync(at('pem'), certificate + readFileSync(file, 'utf8') + key)
    return { file: at('pem'), certificate, key }
  }
  return { dir, file, keyFile, issue }
}
