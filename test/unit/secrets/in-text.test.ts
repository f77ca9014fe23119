import { describe, expect, test } from 'vitest'
import { secretsInText } from '../../../src/core/secrets/in-text.ts'

/** The line with the parts that are secret between brackets. */
const marked = (line: string): string =>
  secretsInText(line).reduceRight(
    (text, [start, end]) => `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`,
    line,
  )

describe('what looks like a secret', () => {
  test.each([
    ['<Resource name="jdbc/x" username="u" password="«hunter2»" maxTotal="8"/>'],
    ["<Manager connectionPassword='«hunter2»'"],
    ['<Connector keystorePass="«changeit»" keyAlias="a" certificateKeystorePassword = "«x y»">'],
    ['<Connector protocol="AJP/1.3" secret="«hunter2»" secretRequired="true"/>'],
    ['<Interceptor encryptionKey="«cafebabe»" />'],
    ['<Parameter name="redis.password" value="«hunter2»" override="false"/>'],
    ['<property name="password" value=\'«a "b" c»\'/>'],
    ['<password>«hunter2»</password>'],
    ['<Resource password="«cut off»'],
    ['password: "«a \\" b»"'],
    ['  password: «hunter2 and more # no remark»'],
    ["  'PASSWORD': '«hunter2»',"],
    ['  { host: x, password: «hunter2», port: 1 }'],
    ['"singleServerConfig": { "password": "«hunter2»", "address": "x" }'],
    ['spring.data.redis.password=«hunter2 with spaces»'],
    ['SECRET_KEY = "«hunter2»"'],
    ['# password: «hunter2»'],
    ['requirepass «hunter2»'],
    ['requirepass "«hunter 2»"'],
    ['sentinel auth-pass main «hunter2»'],
    ['  user admin insecure-password «hunter\\ 2»'],
    ['  stats auth admin:«hunter2»'],
    ['session.save_path = "tcp://10.0.0.5:6379?auth=«hunter2»&database=1"'],
    ['session.save_path = "tcp://10.0.0.5:6379?auth[user]=«u»&auth[pass]=«hunter2»"'],
    ['session.save_path = "tcp://10.0.0.5:6379?auth%5Bpass%5D=«hunter2»"'],
    ['url: "jdbc:postgresql://h/db?user=u&password=«hunter2»&ssl=true"'],
    ['"LOCATION": "redis://:«hunter2»@10.0.0.5:6379/0"'],
    ['redis://user:«a@b:c»@host:6379, redis://other:6379'],
    ['jdbc:oracle:thin:scott/«tiger»@//h:1521/x'],
    ['jdbc:sqlserver://h;user=u;password={«a;b»};encrypt=true'],
    ['jdbc:mysql://h/s?user=u&password2=«hunter2»&useSSL=false'],
    ['jdbc:mysql://u:«hunter2»@h/s'],
    ['jdbc:mysql://address=(host=h)(user=u)(password=«hunter2»)/s'],
    ['jdbc:h2:tcp://h/s;USER=sa;PASSWORD=«hunter2»'],
    ['proxy_set_header Authorization "Basic «aHVudGVyMg==»";'],
    ['http-request set-header Authorization Bearer\\ «abc.def»'],
    ['-Dredis.password=«hunter2» -Dx=y'],
  ])('%s', (line) => {
    const plain = line.replace(/[«»]/g, '')
    expect(marked(plain)).toBe(line)
  })
})

describe('what does not', () => {
  test.each([
    ['proxy_pass http://tomcats;'],
    ['fastcgi_pass unix:/run/php.sock;'],
    [`<Manager password="\${redis.password}"/>`],
    [`password: "\${REDIS_PASSWORD}"`],
    ["'PASSWORD': os.environ['REDIS_PASSWORD'],"],
    ['password: { env: REDIS_PASSWORD }'],
    ['password: *anchor'],
    ['secretRequired="true" requirePassword="false"'],
    ['upstream shop { hash $request_uri; }'],
    ['ssl_certificate_key /etc/ssl/key.pem;'],
    ['server tomcat01 192.168.33.10:8090 cookie tomcat01 check'],
    ['cookie SESSIONTOKEN insert indirect nocache'],
    ['http://host:80/path?mail=a@b'],
    ['auth_basic "realm";'],
    ['<Resource name="UserDatabase" auth="Container"/>'],
    ['passwordFile=/run/secrets/x'],
    ['the password is asked for'],
    [''],
  ])('%s', (line) => {
    expect(marked(line)).toBe(line)
  })
})
