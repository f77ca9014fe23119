import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { get } from './http.ts'
import type { Tomcat } from './servers.ts'
import { stageTomcat, startTomcat } from './tomcat.ts'

/** A request as Tomcat understood it: the path is decoded, normalized and without parameters. */
export interface Recorded {
  readonly method: string
  readonly path: string
  readonly uri: string
  readonly host: string
  readonly port: number
  readonly scheme: string
  readonly secure: boolean
  readonly client: string
  /** Several headers of one name are joined by `|`. */
  readonly headers: Readonly<Record<string, string>>
}

export interface Recorder {
  readonly port: number
  /** What reached it since the last call. */
  readonly requests: () => Promise<readonly Recorded[]>
}

const webXml = `<?xml version="1.0" encoding="UTF-8"?>
<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0">
  <servlet><servlet-name>recorder</servlet-name><jsp-file>/recorder.jsp</jsp-file><load-on-startup>1</load-on-startup></servlet>
  <servlet-mapping><servlet-name>recorder</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
</web-app>
`

/** A Tomcat with this server.xml that answers every path and records it. */
export const startRecorder = async (
  tomcat: Tomcat,
  serverXml: string,
  port: number,
): Promise<Recorder> => {
  const base = stageTomcat(tomcat, { serverXml, webXml })
  const page = new URL('webapp/recorder.jsp', import.meta.url)
  copyFileSync(page, join(base.dir, 'webapps', 'ROOT', 'recorder.jsp'))
  await startTomcat(base, [port])
  const requests = async () =>
    JSON.parse((await get(`http://127.0.0.1:${port}/recorder/log`)).body) as Recorded[]
  await requests()
  return { port, requests }
}
