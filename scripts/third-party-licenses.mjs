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

const entry = (root, folder) => {
  const { name, version, license } = packageJson(root, folder)
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
 * The licenses of all packages that a bundle contains.
 * @param {string} root of the repository
 * @param {Iterable<string>} inputs paths of the bundled files below it, as esbuild's metafile has them
 * @returns {string} the text of THIRD-PARTY-LICENSES
 * @throws when a package has no license text
 */
export const thirdPartyLicenses = (root, inputs) => {
  const bundled = [...inputs].map(packageFolder).filter((folder) => folder !== null)
  const line = '-'.repeat(80)
  const entries = [...withDependencies(root, bundled)]
    .map((folder) => entry(root, folder))
    .sort((a, b) => (a.title < b.title ? -1 : 1))
  return [
    'sessctl contains the following packages, each under its own license.',
    '',
    'OpenPGP.js is under the LGPL. It is unmodified, in a file of its own (dist/chunks/openpgp-*.js),',
    'which may be replaced by another version; its source is the npm package of the same version.',
    ...entries.flatMap(({ title, texts }) => ['', line, title, line, '', texts.join('\n\n')]),
    '',
  ].join('\n')
}
