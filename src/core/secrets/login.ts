/**
 * Whether a URL contains a login: a user in https, which may be a token, or any password. It would
 * be written to nginx.lock, manifests and logs.
 */
export const holdsLogin = (address: string): boolean => {
  const [, scheme = '', login = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i.exec(address) ?? []
  return scheme.toLowerCase() === 'ssh' ? login.includes(':') : login !== ''
}

export const loginHelp =
  'remove the login: for git, use a credential helper; otherwise download the file first'
