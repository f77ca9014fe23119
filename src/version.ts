import packageJson from '../package.json' with { type: 'json' }

export const version = packageJson.version

/** The documentation on the web: the address of the folder docs/. */
export const documentation = `${packageJson.homepage.replace(/#.*$/, '')}/blob/main/docs`
