import { notYet } from '../not-yet.ts'

export const haproxy = notYet('haproxy')
