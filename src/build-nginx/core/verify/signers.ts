/** What is verified each by its own signers: a key for one says nothing of another. */
export type Component = 'nginx' | 'openssl' | 'pcre2' | 'zlib'

export interface Signer {
  readonly name: string
  /** Of the primary key, in capitals. */
  readonly fingerprint: string
  /** Below the package's keys/. */
  readonly file: string
}

/**
 * Whose signature counts for what. The keys come with Debian's source packages of nginx and OpenSSL
 * (debian/upstream/signing-key.asc); nginx's developers sign the sources with personal keys, the
 * keys that sign nginx's package repositories do not count. Nobody is asked for keys at run time.
 */
export const signers: Readonly<Record<Component, readonly Signer[]>> = {
  nginx: [
    {
      name: 'Maxim Dounin',
      fingerprint: 'B0F4253373F8F6F510D42178520A9993A1C052F8',
      file: 'nginx/mdounin.asc',
    },
    {
      name: 'Sergey Kandaurov',
      fingerprint: 'D6786CE303D9A9022998DC6CC8464D549AF75C0A',
      file: 'nginx/pluknet.asc',
    },
    {
      name: 'Konstantin Pavlov',
      fingerprint: '13C82A63B603576156E30A4EA0EA981B66B0D967',
      file: 'nginx/thresh.asc',
    },
  ],
  openssl: [
    {
      name: 'OpenSSL',
      fingerprint: 'BA5473A2B0587B07FB27CF2D216094DFD0CB81EF',
      file: 'openssl/openssl.asc',
    },
  ],
  // Debian's packages bring no keys for these: a sha256, or Debian's own signature, vouches for them.
  pcre2: [],
  zlib: [],
}
