import { expect, test } from 'vitest'
import { springLayout } from '../../../src/core/lab/processes/spring.ts'

const source = 'import jakarta.servlet.http.HttpSession;'
const application = [
  { path: 'Lab.java', content: source },
  { path: 'META-INF/spring.factories', content: 'a=b' },
]
const jars = { 'spring-web-6.jar': '/libs: mine/spring-web-6.jar', 'a.jar': '/libs: mine/a.jar' }

const layoutFor = (version: string) => {
  const tool = { product: 'Spring Boot', version, program: '/usr/bin/java', answer: '' }
  return springLayout({ upstream: 'shop', tool, jars }, application)
}

test('the class is compiled against the jars, wherever they are', () => {
  const { name, links, preparations: before } = layoutFor('3.5.16')
  expect(name).toBe('applications/shop')
  expect(links).toEqual({
    'lib/a.jar': '/libs: mine/a.jar',
    'lib/spring-web-6.jar': '/libs: mine/spring-web-6.jar',
  })
  const [compile] = before
  expect(before).toHaveLength(1)
  expect(compile?.program).toBe('/usr/bin/java')
  expect(compile?.args.slice(-3)).toEqual([
    '-classpath',
    'classes:lib/a.jar:lib/spring-web-6.jar',
    'Lab.java',
  ])
})

test.each([
  ['2.7.18', 'import javax.servlet.http.HttpSession;'],
  ['3.5.16', source],
  ['4.0.7', source],
])('what Spring Boot %s compiles', (version, content) => {
  expect(layoutFor(version).files).toEqual([
    { path: 'Lab.java', content },
    { path: 'classes/META-INF/spring.factories', content: 'a=b' },
  ])
})
