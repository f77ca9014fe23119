import { fuzz } from './fuzz.ts'

const words = ['\n', '\r\n', ' ', '\t', '"', "'", '\\', '\\\n', '\\\r\n', '#', '$\u007bA}', '>']
const templates = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '<%',
  '<%=',
  '%>',
  '{{ if a }}',
  '$\u007bA}\n',
]
const lines = ['<Location /a>\n', '</Location>\n', '<IfModule !a>\n', '</IfModule>\n', '<a', '</']

fuzz('httpd', [...words, ...templates, ...lines, 'ProxyPass / http://a/ ', '\u0000', '\u00ff'])
