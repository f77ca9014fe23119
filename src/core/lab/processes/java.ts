/** For many small Java processes with a quick start and English output. */
export const javaOptions: readonly string[] = [
  '-Xmx192m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Djava.security.egd=file:/dev/urandom',
  '-Djava.awt.headless=true',
  '-Duser.language=en',
  '-Duser.country=US',
]
