import { notYet } from '../not-yet.ts'

export const httpd = notYet('httpd')
