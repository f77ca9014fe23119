// dist/index.d.ts: the types of the library in one file, those of bundled packages included.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

const root = fileURLToPath(new URL('..', import.meta.url))

const bundle = await rollup({
  input: join(root, 'src/index.ts'),
  plugins: [dts({ tsconfig: join(root, 'tsconfig.json'), includeExternal: ['yaml', 'zod'] })],
  onwarn: ({ message }) => {
    throw new Error(message)
  },
})
await bundle.write({ file: join(root, 'dist/index.d.ts'), format: 'es' })
