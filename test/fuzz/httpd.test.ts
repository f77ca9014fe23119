import { fuzz } from './fuzz.ts'
import { templateWords } from './template-words.ts'

const words = ['\n', '\r\n', ' ', '\t', '"', "'", '\\', '\\\n', '\\\r\n', '#', '$\u007bA}', '>']
const templates = [...templateWords, '$\u007bA}\n']
const lines = ['<Location /a>\n', '</Location>\n', '<IfModule !a>\n', '</IfModule>\n', '<a', '</']

const includes = [
  'Include *.conf\n',
  'Include conf.d\n',
  'Define a b\n',
  'Define a $\u007ba}$\u007ba}\n',
  '<Macro m $a>\n',
  '</Macro>\n',
  'Use m b\n',
  '<IfDefine a>\n',
  '<VirtualHost *>\n',
  '<Proxy balancer://a>\n',
  'BalancerMember balancer://a http://a/ route=a\n',
  'ProxySet balancer://a a=b\n',
]

fuzz('httpd', [
  ...includes,
  ...words,
  ...templates,
  ...lines,
  'ProxyPass / http://a/ ',
  '\u0000',
  '\u00ff',
])
