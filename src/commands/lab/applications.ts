import type { Context } from '../../context.ts'
import type { LabApplications } from '../../core/lab/tools.ts'
import type { StagedFile } from '../../core/validate/check.ts'

const read = async (
  folder: string,
  paths: readonly string[],
  { files }: Context,
): Promise<readonly StagedFile[]> =>
  Promise.all(paths.map(async (path) => ({ path, content: await files.read(`${folder}/${path}`) })))

/** What the servers of a lab serve. */
export const readApplications = async (
  packageFolder: string,
  context: Context,
): Promise<LabApplications> => {
  const folder = `${packageFolder}/templates/lab`
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await context.files.read(`${folder}/${path}`))
  return {
    tomcat: await read(`${folder}/tomcat`, ['session.jsp', 'WEB-INF/web.xml'], context),
    spring: await text('spring/Lab.java'),
    php: await read(`${folder}/php`, ['index.php'], context),
    django: await read(`${folder}/django`, ['__init__.py', 'settings.py', 'urls.py'], context),
    sessionServer: await text('session-server.mjs'),
  }
}
