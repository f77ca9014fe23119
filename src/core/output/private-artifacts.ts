import type { Inputs } from '../dialects/dialect.ts'
import { decodeForDiff } from '../diff/decode.ts'
import { literalSecrets, type MarkedTexts } from '../diff/marked.ts'
import { spellingsOf } from '../diff/mask.ts'
import type { Compilation } from '../pipeline.ts'
import type { Artifact } from '../render/artifact.ts'
import { secretsInText } from '../secrets/in-text.ts'
import type { Spec } from '../spec/schema/index.ts'

const secretsOf = (text: string): readonly string[] =>
  text
    // An attribute's value may be on the line after its name.
    .replace(/\s*=\s*(?=["'])/g, '=')
    .split(/\r?\n/)
    .flatMap((line) => secretsInText(line).map(([start, end]) => line.slice(start, end)))

/** Text that looks like a secret, in the user's files and in headers such as Authorization. */
const likelySecrets = (spec: Spec, inputs: Inputs): readonly string[] => {
  const files = [...inputs.values()].flatMap((input) =>
    input instanceof Uint8Array ? secretsOf(decodeForDiff(input).text) : [],
  )
  const headers = Object.values(spec.frontends).flatMap((frontend) =>
    [frontend, ...frontend.locations].flatMap(({ headers }) =>
      Object.entries(headers ?? {}).flatMap(([name, value]) => secretsOf(`${name}: ${value}`)),
    ),
  )
  return [...files, ...headers]
}

/**
 * The paths of artifacts that contain a secret in plain text: a literal one of the spec, or one of the
 * user's files.
 * @param marked the same artifacts with markers in the place of literal secrets.
 */
export const privateArtifacts = (
  { spec, files, artifacts }: Compilation,
  { texts, markers }: MarkedTexts,
): ReadonlySet<string> => {
  if (spec === null) return new Set()
  const likely = spellingsOf(likelySecrets(spec, files.inputs))
  const literal = literalSecrets(spec)
  const isPrivate = ({ path, text }: Artifact): boolean => {
    const marked = texts.get(path)
    const isLiteral =
      // A file that cannot be rendered with markers is searched for the secrets themselves.
      marked === undefined
        ? literal.some((secret) => text.includes(secret))
        : markers.some((marker) => marked.includes(marker))
    return isLiteral || likely.some((secret) => text.includes(secret))
  }
  return new Set(artifacts.filter(isPrivate).map(({ path }) => path))
}
