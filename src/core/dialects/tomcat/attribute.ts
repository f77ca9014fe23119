import type { Attribute } from './xml/write.ts'

export interface AttributeView {
  readonly name: string
  readonly value: string
}

/** As templates take it. */
export const attributeViews = (attributes: readonly Attribute[]): readonly AttributeView[] =>
  attributes.map(([name, value]) => ({ name, value }))
