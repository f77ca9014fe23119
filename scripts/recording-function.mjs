/** How each function was made: the names of its constants, their values, and the code in which they are known. */
export const made = new Map()

/** Stands in for `Function` where zod compiles a schema (`new Function(…)`), and remembers what it was given. */
function RecordingFunction(...args) {
  return (...values) => {
    const result = globalThis.Function(...args)(...values)
    made.set(result, { names: args.slice(0, -1), values, code: args.at(-1) })
    return result
  }
}

export { RecordingFunction as Function }
