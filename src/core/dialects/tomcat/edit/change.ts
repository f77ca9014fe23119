import type { Findings } from '../../../diagnostics/findings.ts'
import { shownText } from '../../../diagnostics/source-lines.ts'
import { type BaseFile, inBase } from '../base-file.ts'
import { report } from '../codes.ts'
import { attributeOf, type XmlElement } from '../xml/document.ts'
import { classOf } from './match.ts'

/** A change of something that the file contains. */
export type Change =
  | {
      readonly kind: 'attribute'
      readonly element: XmlElement
      readonly name: string
      readonly from: string
      /** null: it is removed. */
      readonly to: string | null
    }
  | {
      readonly kind: 'class'
      readonly element: XmlElement
      readonly from: string
      readonly to: string
      /** Attributes and children of the old class that the new one does not have. */
      readonly lost: readonly string[]
    }
  | { readonly kind: 'removed'; readonly element: XmlElement }

/** `<Valve> (CLASS)` */
export const labelOf = (element: XmlElement): string => {
  const className = classOf(element)
  return className === null ? `<${element.name}>` : `<${element.name}> (${className})`
}

const labelsOf = (element: XmlElement): readonly string[] => [
  labelOf(element),
  ...element.children.flatMap(labelsOf),
]

export const reportChange = (base: BaseFile, change: Change, findings: Findings): void => {
  const { element } = change
  switch (change.kind) {
    case 'attribute': {
      const { name, from, to } = change
      const at = inBase(base, attributeOf(element, name)?.valueStart ?? element.start)
      // A secret is replaced with asterisks.
      const shown = (value: string): string => shownText(`${name}="${value}"`, [])
      const was = shown(from)
      const is = to === null ? null : shown(to)
      const message =
        is === null
          ? `${was} of this <${element.name}> is removed, because it does not belong to the form of the spec`
          : was === is
            ? `${name} of this <${element.name}> changes to the value of the spec`
            : `${was} of this <${element.name}> changes to ${is}`
      report(findings, 'tomcat-base-attribute', at, message, null)
      break
    }
    case 'class': {
      const { from, to, lost } = change
      const without =
        lost.length === 0 ? '' : `, without ${lost.map((one) => shownText(one, [])).join(', ')}`
      const message = `the ${element.name} of this file (${from}) is replaced with ${to}${without}`
      report(findings, 'tomcat-base-store', inBase(base, element.start), message, null)
      break
    }
    case 'removed': {
      const message = `this element is removed, because it is not in the spec: ${labelsOf(element).join(', ')}`
      report(findings, 'tomcat-base-store', inBase(base, element.start), message, null)
    }
  }
}
