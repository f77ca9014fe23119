import type { Notice } from '../ports.ts'
import { visible } from './visible.ts'

/** A line that starts with the level, and lines that explain it. */
export const formatNotice = ({ level, message }: Notice): string =>
  `${level}: ${message.split('\n').map(visible).join('\n')}\n`
