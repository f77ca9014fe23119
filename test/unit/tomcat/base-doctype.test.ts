import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const rest =
  '<Server port="8005" shutdown="SHUTDOWN">\n<Service name="Catalina"><Connector port="8080"/><Engine name="Catalina" defaultHost="localhost"><Host name="localhost"/></Engine></Service></Server>\n'

const context = '<Context/>\n'

const spec = (base: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
upstreams:
  a: { servers: { b: 10.0.0.1:8080 }, app: { runtime: tomcat, version: "9.0.122", tomcat: { ${base}: f.xml } } }
`

const found = (doctype: string, base = 'base') => {
  const text = `${doctype}${base === 'base' ? rest : context}`
  const inputs = new Map([['f.xml', new TextEncoder().encode(text)]])
  return compileText(spec(base), inputs)
    .diagnostics.filter(({ code }) => code === 'tomcat-base-doctype')
    .map(({ location, message }) => `${location.file}:${location.line} ${message}`)
}

test.each([
  ['<!DOCTYPE Server [\n<!ENTITY a "b">\n]>', ['f.xml:2', 'the entity "a"']],
  ['<!DOCTYPE Server [\n<!ENTITY a SYSTEM "file:///etc/passwd">]>', ['f.xml:2', '/etc/passwd']],
  ['<!DOCTYPE Server [<!ENTITY a PUBLIC "-//X" "http://10.0.0.1/x">]>', ['f.xml:1', 'http://10.']],
  ['<!DOCTYPE Server [<!ENTITY % p SYSTEM "http://10.0.0.1/d">]>', ['f.xml:1', '"p"']],
  ['<!DOCTYPE Server SYSTEM "http://10.0.0.1/server.dtd">', ['f.xml:1', 'server.dtd']],
  ['<!DOCTYPE Server PUBLIC "-//X//EN" "http://10.0.0.1/s.dtd">', ['f.xml:1', 's.dtd']],
])('%s is a warning', (doctype, words) => {
  const [message = ''] = found(doctype)
  for (const word of words) expect(message).toContain(word)
  const inContext = found(doctype.replace('Server', 'Context'), 'contextBase')
  expect(inContext).toHaveLength(1)
})

test.each(['', '<!DOCTYPE Server>', '<!-- <!DOCTYPE Server [<!ENTITY a "b">]> -->'])(
  '%s is none',
  (doctype) => {
    expect(found(doctype)).toEqual([])
  },
)
