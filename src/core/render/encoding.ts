/** How a text becomes bytes; utf-8 but for existing files, which keep theirs. */
export type Encoding =
  | 'utf-8'
  | 'iso-8859-1'
  | 'us-ascii'
  | 'windows-1252'
  | 'utf-16le'
  | 'utf-16be'
