/** Name and value of an XML attribute; the name is ours, the value may be the user's. */
export type Attribute = readonly [name: string, value: string]

export interface AttributeView {
  readonly name: string
  readonly value: string
}

/** As templates take it. */
export const attributeViews = (attributes: readonly Attribute[]): readonly AttributeView[] =>
  attributes.map(([name, value]) => ({ name, value }))
