import { replaceWord } from '../../../config/edit/lines.ts'
import { shownChange } from '../../../config/edit/parameters.ts'
import { indentAt, insertLinesBefore } from '../../../config/edit/whole-lines.ts'
import type { HttpdBalancer } from '../../../config/httpd/balancers.ts'
import type { HttpdStatement } from '../../../config/httpd/statements.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { CheckExpressionView } from '../balancers/checks.ts'
import type { Balancer } from '../balancers/index.ts'
import { httpdWord } from '../quote.ts'
import { type Editing, hasVariable, note, written } from './editing.ts'
import { sectionOf, siblingsOf, writtenOf } from './open.ts'

export const expressionLine = ({ expression, name }: CheckExpressionView): string =>
  written(['ProxyHCExpr', name, expression])

/** The balancer of the spec with the name that the file has for the expression of its health checks. */
export const withNameOfFile = (balancer: Balancer, existing: HttpdBalancer): Balancer => {
  const { checkExpression, members } = balancer
  const name = existing.members
    .flatMap(({ parameters }) => parameters)
    .find((parameter) => parameter.name === 'hcexpr')?.value
  if (checkExpression === null || name === undefined) return balancer
  return {
    ...balancer,
    checkExpression: { ...checkExpression, name },
    members: members.map((member) =>
      member.check === null ? member : { ...member, check: { ...member.check, expression: name } },
    ),
  }
}

/** httpd knows an expression in the host that defines it, and after its line only. */
const definitionOf = (
  { base }: Editing,
  section: HttpdStatement,
  name: string,
): HttpdStatement | null => {
  const siblings = siblingsOf(base.files.statements, section)
  return (
    siblings
      .slice(0, siblings.indexOf(section))
      .findLast((one) => one.name === 'proxyhcexpr' && one.args[0] === name) ?? null
  )
}

/** Gives the health checks of the members the expression of the spec. */
export const editExpression = (
  editing: Editing,
  { checkExpression }: Balancer,
  member: HttpdStatement,
): void => {
  if (checkExpression === null) return
  const { base, edits } = editing
  const section = sectionOf(base.files.statements, member)
  const place = section?.name === 'proxy' ? section : member
  const known = definitionOf(editing, place, checkExpression.name)
  if (known === null) {
    const { directive, path } = place
    const { text } = base.documentOf(path)
    const lines = [expressionLine(checkExpression)]
    const indent = indentAt(text, directive.start)
    edits.add(path, insertLinesBefore(text, directive.start, indent, lines))
    return
  }
  const { expression } = checkExpression
  const [, was = ''] = known.args
  const line = writtenOf(known)
  if (was === expression || line === null) return
  if (hasVariable(known)) {
    const message = `ProxyHCExpr ${shownWords([checkExpression.name])} is kept: it is written with a variable`
    note(editing, 'httpd-base-variable', known, message)
    return
  }
  edits.add(known.path, replaceWord(line, 2, httpdWord(expression)))
  note(editing, 'httpd-base-server', known, shownWords([shownChange(was, expression)]))
}
