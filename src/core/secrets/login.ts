/**
 * Whether an address says who asks: a user of https, which may be a token, or any password. It would
 * reach nginx.lock, manifests and logs.
 */
export const holdsLogin = (address: string): boolean => {
  const [, scheme = '', login = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i.exec(address) ?? []
  return scheme.toLowerCase() === 'ssh' ? login.includes(':') : login !== ''
}

export const loginHelp =
  'leave it out: git takes it from a credential helper, other programs download the file first'
