import { fuzz } from './fuzz.ts'

const words = [
  '--- a/b\n',
  '+++ a/b\n',
  '@@ -1,2 +1,2 @@\n',
  '@@ -0,0 +1 @@\n',
  ' a\n',
  '-a\n',
  '+a\n',
]
const more = [
  '\\ No newline at end of file\n',
  'diff --git a/b a/b\n',
  '/dev/null',
  '../',
  '\t',
  '\r',
]

fuzz('patch', [...words, ...more, 'GIT binary patch\n'])
