import { fuzz } from './fuzz.ts'
import { templateWords } from './template-words.ts'

const words = [';', ' ', '\n', '\r\n', '{', '}', '"', "'", '\\', '#', '$', '${', '$\u007bA}\n']
const templates = [...templateWords, '{{{', '}}}']
const lua = ['a_by_lua_block {', '[[', ']]', '[==[', ']==]', '--', '--[[']

fuzz('nginx', [...words, ...templates, ...lua, 'include a;', 'include *;', 'include nginx.conf;'])
