export type Environment = Readonly<Record<string, string | undefined>>

/** As curl reads them: the lower-case name comes first, and an empty value means no proxy. */
export const proxyVariable = (env: Environment, upperCase: string): string => {
  const lowerCase = upperCase.toLowerCase()
  return env[lowerCase] === undefined ? upperCase : lowerCase
}

export const proxyValue = (env: Environment, upperCase: string): string =>
  env[proxyVariable(env, upperCase)] ?? ''

/** Whether a download may go through a proxy. */
export const namesProxy = (env: Environment): boolean =>
  ['HTTPS_PROXY', 'HTTP_PROXY'].some((name) => proxyValue(env, name) !== '')

/** For apt, which knows the lower-case names only. */
export const proxyEnvironment = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']
      .map((name) => [name.toLowerCase(), proxyValue(env, name)])
      .filter(([, value]) => value !== ''),
  )
