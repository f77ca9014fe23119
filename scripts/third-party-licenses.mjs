// What of other people's code is in dist/, in which version and under which license.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `node_modules/@scope/name/…` → the folder of the package; null for our own files. */
const packageFolder = (input) =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? null

/** scripts/licenses has the texts that packages leave out of what they publish. */
const licenseName = /^(licen[cs]e|copying|notice)/i

const packageJson = (root, folder) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))

/** Where Node.js finds `name` from a package folder. */
const dependencyFolder = (root, from, name) => {
  const places = from.split('node_modules/').slice(0, -1)
  const candidates = places
    .map((_, index) => `${places.slice(0, index + 1).join('node_modules/')}node_modules/${name}`)
    .concat(`${from}/node_modules/${name}`)
  return candidates.findLast((folder) => existsSync(join(root, folder, 'package.json')))
}

/** The folders and those of all dependencies, because some packages publish bundles of them. */
const withDependencies = (root, folders) => {
  const found = new Set(folders)
  for (const folder of found) {
    for (const name of Object.keys(packageJson(root, folder).dependencies ?? {})) {
      const dependency = dependencyFolder(root, folder, name)
      if (dependency !== undefined) found.add(dependency)
    }
  }
  return found
}

/**
 * All packages that a bundle contains.
 * @param {string} root of the repository
 * @param {Iterable<string>} inputs paths of the bundled files below it, as esbuild's metafile has them
 * @returns {{ folder: string, name: string, version: string, license: string }[]} by name and version
 */
export const bundledPackages = (root, inputs) => {
  const folders = [...inputs].map(packageFolder).filter((folder) => folder !== null)
  return [...withDependencies(root, folders)]
    .map((folder) => ({ folder, ...packageJson(root, folder) }))
    .map(({ folder, name, version, license }) => ({ folder, name, version, license }))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
}

const entry = (root, { folder, name, version, license }) => {
  const shipped = readdirSync(join(root, folder))
    .filter((file) => licenseName.test(file))
    .sort()
    .map((file) => join(root, folder, file))
  const kept = join(root, 'scripts/licenses', `${name}.txt`)
  const files = shipped.length === 0 && existsSync(kept) ? [kept] : shipped
  const texts = files.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
  if (texts.length === 0) throw new Error(`${name} ${version} is bundled and has no license text`)
  return { title: `${name} ${version} (${license})`, texts }
}

/**
 * The licenses of bundled packages.
 * @param {string} root of the repository
 * @param {ReturnType<typeof bundledPackages>} packages
 * @returns {string} the text of THIRD-PARTY-LICENSES
 * @throws when a package has no license text
 */
export const thirdPartyLicenses = (root, packages) => {
  const line = '-'.repeat(80)
  const entries = packages.map((one) => entry(root, one))
  return [
    'sessctl contains the following packages, each under its own license.',
    '',
    'OpenPGP.js is under the LGPL. It is unmodified, in a file of its own (dist/chunks/openpgp-*.js),',
    'which may be replaced by another version; its source is the npm package of the same version.',
    ...entries.flatMap(({ title, texts }) => ['', line, title, line, '', texts.join('\n\n')]),
    '',
  ].join('\n')
}

/**
 * What is bundled in which version, with the hash of the npm package that it was taken from.
 * @param {string} root of the repository
 * @param {ReturnType<typeof bundledPackages>} packages
 * @returns {string} the text of dist/bundled.json
 * @throws when package-lock.json has no hash of a package
 */
export const bundledList = (root, packages) => {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const list = packages.map(({ folder, name, version, license }) => {
    // Where node_modules is a link, esbuild names the folder that it leads to.
    const { integrity } = locked[folder.slice(folder.indexOf('node_modules/'))] ?? {}
    if (integrity === undefined)
      throw new Error(`${name} ${version} is bundled and package-lock.json has no hash of it`)
    return { name, version, license, integrity }
  })
  return `${JSON.stringify(list, null, 2)}\n`
}
