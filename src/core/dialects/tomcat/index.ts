import { notYet } from '../not-yet.ts'

export const tomcat = notYet('tomcat')
