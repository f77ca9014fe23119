import { buildNamePattern } from '../core/package/recipe.ts'
import type { Disk } from '../ports/build.ts'

/** Words that end in a text with the name of the build in it. */
const holdsName = /\b(?:NGINX_VER_BUILD|NGX_BUILD|NGX_CONFIGURE)\b/
/** Defines one of them by another; who includes it holds nothing yet. */
const definition = 'nginx/src/core/nginx.h'
const isSource = (path: string): boolean => /\.(c|cc|cpp|cxx|h|hh|hpp|xs)$/.test(path)
const isHeader = (path: string): boolean => /\.h(h|pp)?$/.test(path)
const stem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')

/** Sources below a work whose objects hold the name; null when it cannot be told. */
const holders = async (folder: string, disk: Disk): Promise<ReadonlySet<string> | null> => {
  const found = new Set<string>()
  for (const top of ['nginx/src', 'modules']) {
    if ((await disk.kind(`${folder}/${top}`)) !== 'folder') continue
    for (const { path, kind } of await disk.list(`${folder}/${top}`)) {
      if (kind !== 'file' || !isSource(path)) continue
      const name = `${top}/${path}`
      const text = Buffer.from(await disk.read(`${folder}/${name}`)).toString('latin1')
      if (!holdsName.test(text) || name === definition) continue
      if (isHeader(path)) return null
      found.add(stem(path))
    }
  }
  return found
}

/**
 * Gives a configured work another build name: the same as if it were configured with it, for a
 * handful of objects instead of all of them.
 * @returns false when that cannot be done here.
 */
export const renameBuild = async (folder: string, name: string, disk: Disk): Promise<boolean> => {
  const header = `${folder}/nginx/objs/ngx_auto_config.h`
  const bytes = await disk.readIfThere(header)
  const stems = await holders(folder, disk)
  const before = Buffer.from(bytes ?? []).toString('latin1')
  if (stems === null || before.search(buildNamePattern) === -1) return false
  await disk.write(header, Buffer.from(before.replaceAll(buildNamePattern, name), 'latin1'))
  const objects = `${folder}/nginx/objs`
  for (const { path, kind } of await disk.list(objects))
    if (kind === 'file' && path.endsWith('.o') && stems.has(stem(path)))
      await disk.remove(`${objects}/${path}`)
  return true
}
