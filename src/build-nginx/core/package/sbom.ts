import { sha256Hex } from '../digest.ts'
import { levelOf } from '../lock/lock.ts'
import { type Manifest, type ManifestInput, type ManifestPatch, manifestText } from './manifest.ts'
import { purlOf } from './purl.ts'

/** SPDX names of the licences that are known here; a module's is its own. */
const licences: Readonly<Record<string, string>> = {
  nginx: 'BSD-2-Clause',
  pcre: 'BSD-3-Clause',
  zlib: 'Zlib',
}

const hashes = (sha256: string) => [{ alg: 'SHA-256', content: sha256 }]

/** A UUID of the kind that is made of what its maker likes (version 8): here, of the manifest. */
const uuidOf = (digest: string): string => {
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 3) | 8).toString(16)
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')
}

const securityIds = (name: string): readonly string[] => [
  ...new Set(name.match(/CVE-\d{4}-\d{4,}/gi)?.map((id) => id.toUpperCase()) ?? []),
]

const pedigreePatch = ({ name }: ManifestPatch, text: string) => {
  const fixed = securityIds(name)
  return {
    type: fixed.length > 0 ? 'backport' : 'unofficial',
    diff: {
      text: {
        contentType: 'text/x-diff',
        encoding: 'base64',
        content: Buffer.from(text, 'latin1').toString('base64'),
      },
    },
    ...(fixed.length === 0
      ? {}
      : { resolves: fixed.map((id) => ({ type: 'security', id, name: id })) }),
  }
}

/** What it was before patches changed it, and the patches. */
const pedigreeOf = (
  input: ManifestInput,
  { patches }: Manifest,
  textOf: (sha256: string) => string,
) => {
  const own = patches.filter(({ of, state }) => of === input.name && state === 'applied')
  if (own.length === 0) return {}
  const ancestor = { type: typeOf(input), name: plainName(input), ...identity(input) }
  return {
    pedigree: {
      ancestors: [ancestor],
      patches: own.map((patch) => pedigreePatch(patch, textOf(patch.sha256))),
      notes: own.map(({ name, sha256 }) => `${name} sha256:${sha256}`).join('\n'),
    },
  }
}

const typeOf = ({ kind }: ManifestInput): string => (kind === 'nginx' ? 'application' : 'library')
const plainName = ({ name }: ManifestInput): string => name.replace(/^module:/, '')

const identity = (input: ManifestInput) => ({
  ...(input.version === null ? {} : { version: input.version }),
  purl: purlOf(input),
})

const references = ({ from, isArchive, sha256, commit }: ManifestInput) => {
  if (commit !== null) return [{ type: 'vcs', url: from.replace(/@[^@]*$/, '') }]
  if (!isArchive || !from.startsWith('https://')) return []
  return [{ type: 'source-distribution', url: from, hashes: hashes(sha256) }]
}

const componentOf = (
  input: ManifestInput,
  manifest: Manifest,
  textOf: (sha256: string) => string,
) => {
  const licence = licences[input.name]
  return {
    type: typeOf(input),
    'bom-ref': input.name,
    name: plainName(input),
    ...identity(input),
    // Of a module's nginx only the headers are needed, and nothing is shipped.
    scope: input.kind === 'nginx' && manifest.target === 'modules' ? 'excluded' : 'required',
    ...(licence === undefined ? {} : { licenses: [{ license: { id: licence } }] }),
    externalReferences: references(input),
    ...pedigreeOf(input, manifest, textOf),
    properties: [
      { name: 'sessctl:from', value: input.from },
      { name: `sessctl:${input.isArchive ? 'archive' : 'tree'}:sha256`, value: input.sha256 },
      { name: 'sessctl:verified', value: `${levelOf(input.verified)} (${input.verified.how})` },
    ],
  }
}

/**
 * A CycloneDX 1.6 bill of materials; the same manifest gives the same bytes.
 * @param textOf the text of a patch, by its sha256.
 */
export const sbomText = (
  name: string,
  manifest: Manifest,
  textOf: (sha256: string) => string,
): string => {
  const { inputs, files, release, build } = manifest
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(sha256Hex(manifestText(manifest)))}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: 'sessctl' }] },
      component: {
        type: 'application',
        'bom-ref': 'package',
        name,
        version: release,
        components: files.map(({ path, sha256 }) => ({
          type: 'file',
          'bom-ref': `file:${path}`,
          name: path,
          hashes: hashes(sha256),
        })),
        properties: build === null ? [] : [{ name: 'sessctl:build', value: build }],
      },
    },
    components: inputs.map((input) => componentOf(input, manifest, textOf)),
    dependencies: [
      { ref: 'package', dependsOn: inputs.map((input) => input.name) },
      ...inputs.map((input) => ({ ref: input.name, dependsOn: [] })),
    ],
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}
