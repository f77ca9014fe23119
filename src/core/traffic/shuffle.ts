/** Thirty-two bits from a seed, well mixed; the same for the same seed. */
const mixed = (seed: number): number => {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}

/** Another order of the same, without chance: a run can be repeated. */
export const shuffled = <Item>(items: readonly Item[], seed: number): readonly Item[] => {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index--) {
    const other = mixed(seed * 0x9e3779b1 + index) % (index + 1)
    const [here, there] = [order[index], order[other]]
    if (here === undefined || there === undefined) continue
    order[index] = there
    order[other] = here
  }
  return order
}
