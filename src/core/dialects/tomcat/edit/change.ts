import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { shownText } from '../../../diagnostics/source-lines.ts'
import { type BaseFile, inBase } from '../base-file.ts'
import { report } from '../codes.ts'
import { attributeOf, type XmlElement } from '../xml/document.ts'
import { classOf } from './element-class.ts'

/** What an edit does to something that the file had. */
export type Change =
  | {
      readonly kind: 'attribute'
      readonly element: XmlElement
      readonly name: string
      readonly from: string
      readonly to: string
    }
  | {
      readonly kind: 'class'
      readonly element: XmlElement
      readonly from: string
      readonly to: string
      /** Attributes and children of the old class, as they are written. */
      readonly lost: readonly string[]
    }
  | { readonly kind: 'removed'; readonly element: XmlElement }

/** Never the secret itself. */
const shown = (name: string, value: string): string => shownText(`${name}="${value}"`, [])

const labelOf = (element: XmlElement): string => {
  const className = classOf(element)
  return className === null ? `<${element.name}>` : `<${element.name}> (${className})`
}

/** What an element with all that is in it is called, by the parts that somebody may miss. */
export const partsOf = (element: XmlElement): readonly string[] => [
  labelOf(element),
  ...element.children.flatMap(partsOf),
]

/** Names a change at its place in the file. */
export const changeDiagnostic = (base: BaseFile, change: Change): Diagnostic => {
  const { element } = change
  switch (change.kind) {
    case 'attribute': {
      const { name, from, to } = change
      const at = inBase(base, attributeOf(element, name)?.valueStart ?? element.start)
      const [was, is] = [shown(name, from), shown(name, to)]
      const message =
        was === is
          ? `${name} of this <${element.name}> changes to the value of the spec`
          : `${was} of this <${element.name}> becomes ${is}`
      return report('tomcat-base-attribute', at, message, null)
    }
    case 'class': {
      const { from, to, lost } = change
      const without =
        lost.length === 0 ? '' : `, without ${lost.map((one) => shownText(one, [])).join(', ')}`
      const message = `the ${element.name} of this file (${from}) becomes ${to}${without}`
      return report('tomcat-base-store', inBase(base, element.start), message, null)
    }
    case 'removed': {
      const parts = partsOf(element).join(', ')
      const message = `this element is removed, since the spec says otherwise: ${parts}`
      return report('tomcat-base-store', inBase(base, element.start), message, null)
    }
  }
}
