/**
 * The text exposition format 0.0.4 of Prometheus, read strictly: what its own parser and `promtool
 * check metrics` refuse is an error here.
 */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly help: string
  readonly type: string
  readonly samples: readonly Sample[]
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const samplePattern =
  /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: (?<time>-?\d+))?$/
const labelPattern =
  /(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\\n]|\\["\\n])*)"(?<rest>,|$)/y
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped']

export const parsePrometheus = (text: string): ReadonlyMap<string, Family> => {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>()
  const closed = new Set<string>()
  const seen = new Set<string>()
  let current = ''
  const enter = (name: string) => {
    if (name !== current && closed.has(name)) throw new Error(`${name} stands in two groups`)
    if (current !== '' && name !== current) closed.add(current)
    current = name
    const family = families.get(name) ?? { help: '', type: '', samples: [] }
    families.set(name, family)
    return family
  }
  for (const line of text.split('\n').slice(0, -1)) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind !== undefined) {
      if (!metricName.test(name)) throw new Error(`no metric name: ${line}`)
      const family = enter(name)
      if (family.samples.length > 0) throw new Error(`${kind} after its samples: ${line}`)
      if (kind === 'TYPE' && !types.includes(rest)) throw new Error(`no type: ${line}`)
      if (family[kind === 'HELP' ? 'help' : 'type'] !== '') throw new Error(`twice: ${line}`)
      family[kind === 'HELP' ? 'help' : 'type'] = rest
      continue
    }
    if (line.startsWith('#')) continue
    const sample = parseSample(line)
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`
    if (seen.has(key)) throw new Error(`the same sample twice: ${line}`)
    seen.add(key)
    const family = enter(sample.name)
    if (family.type === 'counter' && !sample.name.endsWith('_total')) {
      throw new Error(`a counter that does not end with _total: ${line}`)
    }
    if (family.help === '' || family.type === '') throw new Error(`no HELP and TYPE: ${line}`)
    family.samples.push(sample)
  }
  return families
}

const parseSample = (line: string): Sample => {
  const groups = samplePattern.exec(line)?.groups
  if (groups === undefined) throw new Error(`no sample: ${line}`)
  const value = Number(groups['value'])
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`)
  return { name: groups['name'] ?? '', labels: parseLabels(groups['labels'] ?? '', line), value }
}

const unescaped: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }

const parseLabels = (text: string, line: string): Readonly<Record<string, string>> => {
  const labels: Record<string, string> = {}
  let end = 0
  while (end < text.length) {
    labelPattern.lastIndex = end
    const groups = labelPattern.exec(text)?.groups
    if (groups === undefined) throw new Error(`no label at ${text.slice(end)}: ${line}`)
    end = labelPattern.lastIndex
    const { name = '', value = '' } = groups
    if (name in labels) throw new Error(`the label ${name} twice: ${line}`)
    labels[name] = value.replace(/\\["\\n]/g, (pair) => unescaped[pair] ?? pair)
  }
  return labels
}
