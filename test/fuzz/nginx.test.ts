import { fuzz } from './fuzz.ts'

const words = [';', ' ', '\n', '\r\n', '{', '}', '"', "'", '\\', '#', '$', '${', '$\u007bA}\n']
const templates = [
  '{{',
  '}}',
  '{{{',
  '}}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '<%',
  '<%=',
  '%>',
  '{{ if a }}',
]
const lua = ['a_by_lua_block {', '[[', ']]', '[==[', ']==]', '--', '--[[']

fuzz('nginx', [...words, ...templates, ...lua, 'include a;', 'include *;', 'include nginx.conf;'])
