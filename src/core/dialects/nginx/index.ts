import { notYet } from '../not-yet.ts'

export const nginx = notYet('nginx')
