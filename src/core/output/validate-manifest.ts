import * as z from 'zod'

/** Paths are relative to the output folder: `.` and `..` could lead out of it. */
const safePath = z
  .string()
  .regex(/^(?!(?:.*\/)?\.{1,2}(?:\/|$))[^/\\\p{Cc}]+(?:\/[^/\\\p{Cc}]+)*$/u)

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  cluster: z.string(),
  spec: z.object({ sha256 }),
  targets: z.record(z.string(), z.string()),
  needs: z
    .array(
      z.object({
        upstream: z.string(),
        kind: z.enum(['jar', 'maven-dependency', 'php-extension', 'python-package']),
        /** Of a jar: `group:artifact:version`. */
        name: z.string(),
        file: z.string().nullable(),
        sha256: sha256.nullable(),
      }),
    )
    .default([]),
  artifacts: z.array(
    z.object({
      path: safePath,
      dialect: z.string(),
      sha256,
      /** Of a file that contains a secret; the modes of others follow the umask. */
      mode: z
        .string()
        .regex(/^0[0-7]{3}$/)
        .optional(),
    }),
  ),
})

/** What a run wrote: it tells the next run which files belong to sessctl. */
export type Manifest = z.output<typeof manifestSchema>

/** As written to the file: empty parts may be left out. */
export type ManifestText = z.input<typeof manifestSchema>

export const validateManifest = (
  data: unknown,
): { readonly success: true; readonly data: Manifest } | { readonly success: false } =>
  manifestSchema.safeParse(data)
