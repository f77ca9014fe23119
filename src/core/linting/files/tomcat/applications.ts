import { folderOf } from '../../../config/glob.ts'
import type { TomcatFile } from './view.ts'

/** An application of a Tomcat. */
export interface Application {
  /** That its context file would have, such as ROOT.xml. */
  readonly name: string
  /** Its folder, or its .war file. */
  readonly folder: string
  /** META-INF/context.xml; null: not given. */
  readonly contextXml: TomcatFile | null
  /** WEB-INF/web.xml; null: not given. */
  readonly webXml: TomcatFile | null
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The folder of the application that a file belongs to; null: to none. */
const applicationFolder = ({ path, document }: TomcatFile): string | null => {
  const folder = folderOf(path)
  const name = lastOf(folder)
  if (document.root.name === 'web-app') return name === 'WEB-INF' ? folderOf(folder) : folder
  return name === 'META-INF' ? folderOf(folder) : null
}

/** @param files without those of conf folders. */
export const applicationsIn = (files: readonly TomcatFile[]): readonly Application[] => {
  const found = new Map<string, Application>()
  for (const file of files) {
    const folder = applicationFolder(file)
    if (folder === null) continue
    const name = `${lastOf(folder).replace(/\.war$/i, '')}.xml`
    const known = found.get(folder) ?? { name, folder, contextXml: null, webXml: null }
    const own = file.document.root.name === 'Context' ? { contextXml: file } : { webXml: file }
    found.set(folder, { ...known, ...own })
  }
  return [...found.values()]
}
