import type { Context } from '../../context.ts'
import type { LabApplications, TextFile } from '../../core/lab/tools.ts'

/** What the servers of a lab serve. */
export const readApplications = async (
  packageFolder: string,
  { files }: Context,
): Promise<LabApplications> => {
  const folder = `${packageFolder}/templates/lab`
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await files.read(`${folder}/${path}`))
  const texts = (below: string, paths: readonly string[]): Promise<readonly TextFile[]> =>
    Promise.all(paths.map(async (path) => ({ path, content: await text(`${below}/${path}`) })))
  return {
    tomcat: await texts('tomcat', ['session.jsp', 'WEB-INF/web.xml']),
    spring: await texts('spring', ['Lab.java', 'Needed.java', 'META-INF/spring.factories']),
    php: await texts('php', ['index.php']),
    django: await texts('django', ['__init__.py', 'settings.py', 'urls.py']),
    sessionServer: await text('session-server.mjs'),
  }
}
