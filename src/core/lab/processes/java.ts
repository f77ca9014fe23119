/** A Java among several on one machine, which starts quickly and says the same everywhere. */
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
