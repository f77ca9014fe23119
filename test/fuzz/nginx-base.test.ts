import { fuzz } from './fuzz.ts'

const words = [
  'upstream shop {',
  'server 10.0.0.1:8080;',
  'server 10.0.0.1:8080 srun_id=a;',
  '}',
  '{',
]
const directives = [
  'ip_hash;',
  'sticky cookie SRV;',
  'sticky;',
  'zone;',
  'map $a $route_shop {',
  'random two;',
]
const others = [
  ';',
  ' ',
  '\n',
  '\r\n',
  '# a\n',
  '"',
  '\\',
  'server',
  'server;',
  '{% if a %}\n',
  'include base.conf;',
]

fuzz('nginx-base', [...words, ...directives, ...others])
