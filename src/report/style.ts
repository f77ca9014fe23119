import { styleText } from 'node:util'

type Name = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

export type Style = Readonly<Record<Name, (text: string) => string>>

const styleWith = (make: (name: Name) => (text: string) => string): Style => ({
  bold: make('bold'),
  dim: make('dim'),
  red: make('red'),
  yellow: make('yellow'),
  green: make('green'),
  cyan: make('cyan'),
})

// Colour was decided for each stream before: Node.js would check stdout only.
const coloured = styleWith((name) => (text) => styleText(name, text, { validateStream: false }))
const uncoloured = styleWith(() => (text) => text)

export const styleFor = (wantsColour: boolean): Style => (wantsColour ? coloured : uncoloured)
