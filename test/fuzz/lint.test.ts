import { fuzz } from './fuzz.ts'
import { templateWords } from './template-words.ts'

const files = ['--- nginx.conf\n', '--- haproxy.cfg\n', '--- httpd.conf\n', '--- conf/server.xml\n']
const nginx = ['upstream a {', '}', 'sticky cookie a;', 'ip_hash;', 'srun_id=a', 'keepalive 1;']
const proxies = ['cookie JSESSIONID insert\n', 'server a a:1 cookie a\n', 'stickysession=A|a ']
const tomcat = [
  ...['<Context>', '</Context>', '<Manager/>', 'override="true"', 'jvmRoute="a"', '<web-app/>'],
  ...['path="/a"', 'docBase="a"', 'sessionCookieName="JSESSIONID"', 'port="8080"', 'appBase=".."'],
]

fuzz('lint', [
  ...files,
  ...nginx,
  ...proxies,
  ...tomcat,
  ...templateWords,
  '# sessctl: ignore balance-twice a\n',
  '<!-- sessctl: ignore manager-overruled a -->\n',
  '\r',
  '"',
  '\u0000',
])
