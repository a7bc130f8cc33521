/** A small Markdown reader for model cards: headings, paragraphs, lists, tables, code, quotes, rules. No HTML comes through: what it does not know stays text. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }

export interface ListItem { readonly content: readonly Inline[]; readonly children: readonly Block[] }
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly align: readonly ('left' | 'right' | 'center')[]; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'rule' }

const SPAN = /(`+)([\s\S]*?[^`])\1(?!`)|\*\*([^\s*](?:[\s\S]*?[^\s])?)\*\*|__([^\s_](?:[\s\S]*?[^\s])?)__(?!\w)|(?<![\w*])\*([^\s*](?:[^*]*?[^\s*])?)\*|(?<!\w)_([^\s_](?:[^_]*?[^\s_])?)_(?!\w)|!?\[([^\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)|<(https?:\/\/[^\s>]+)>|\\([\\`*_{}[\]()#+\-.!|<>~])/

/** The spans of one paragraph. A mark without its partner stays as it is. */
export function readInline(text: string): Inline[] {
  const found: Inline[] = []
  let rest = text
  const push = (plain: string): void => {
    const last = found.at(-1)
    if (plain === '') return
    if (last?.kind === 'text') found[found.length - 1] = { kind: 'text', text: last.text + plain }
    else found.push({ kind: 'text', text: plain })
  }
  for (let match = SPAN.exec(rest); match !== null; match = SPAN.exec(rest)) {
    push(rest.slice(0, match.index))
    const [all, , code, strong, strong2, em, em2, label, href, bare, escaped] = match
    if (code !== undefined) found.push({ kind: 'code', text: code.trim() === '' ? code : code.replace(/^ ([\s\S]*) $/, '$1') })
    else if (strong !== undefined || strong2 !== undefined) found.push({ kind: 'strong', children: readInline(strong ?? strong2 ?? '') })
    else if (em !== undefined || em2 !== undefined) found.push({ kind: 'em', children: readInline(em ?? em2 ?? '') })
    else if (label !== undefined) found.push({ kind: 'link', href: href ?? '', children: readInline(label) })
    else if (bare !== undefined) found.push({ kind: 'link', href: bare, children: [{ kind: 'text', text: bare }] })
    else push(escaped ?? all)
    rest = rest.slice(match.index + all.length)
  }
  push(rest)
  return found
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

const cells = (line: string): string[] => line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
const isTable = (lines: readonly string[], i: number): boolean => (lines[i] ?? '').includes('|') && DIVIDER.test(lines[i + 1] ?? '') && (lines[i + 1] ?? '').includes('-') && cells(lines[i] ?? '').length === cells(lines[i + 1] ?? '').length
const startsBlock = (lines: readonly string[], i: number): boolean => {
  const line = lines[i] ?? ''
  return line.trim() === '' || FENCE.test(line) || HEADING.test(line) || RULE.test(line) || ITEM.test(line) || line.startsWith('>') || isTable(lines, i)
}

export function readMarkdown(text: string): Block[] {
  return readBlocks(text.replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'))
}

function readBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let i = 0
  while (i < lines.length) {
    const line = lines[i] ?? ''
    const fence = FENCE.exec(line)
    const heading = HEADING.exec(line)
    if (line.trim() === '') i++
    else if (fence !== null) {
      const mark = fence[1] ?? '```'
      const end = lines.findIndex((l, k) => k > i && l.trim().startsWith(mark) && l.trim().replaceAll(mark[0] ?? '`', '') === '')
      const stop = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(i + 1, stop).join('\n') })
      i = stop + 1
    } else if (heading !== null) {
      blocks.push({ kind: 'heading', level: (heading[1] ?? '#').length, content: readInline(heading[2] ?? '') })
      i++
    } else if (RULE.test(line)) {
      blocks.push({ kind: 'rule' })
      i++
    } else if (line.startsWith('>')) {
      const own = take(lines, i, (l) => l.startsWith('>'))
      blocks.push({ kind: 'quote', blocks: readBlocks(own.map((l) => l.replace(/^>\s?/, ''))) })
      i += own.length
    } else if (isTable(lines, i)) {
      const own = take(lines, i, (l) => l.includes('|') && l.trim() !== '')
      blocks.push(readTable(own))
      i += own.length
    } else if (ITEM.test(line)) {
      const [list, used] = readList(lines, i)
      blocks.push(list)
      i += used
    } else {
      let end = i + 1
      while (end < lines.length && !startsBlock(lines, end)) end++
      blocks.push({ kind: 'paragraph', content: readInline(lines.slice(i, end).map((l) => l.trim()).join(' ')) })
      i = end
    }
  }
  return blocks
}

function take(lines: readonly string[], from: number, test: (line: string) => boolean): string[] {
  let end = from
  while (end < lines.length && test(lines[end] ?? '')) end++
  return lines.slice(from, end)
}

function readTable(lines: readonly string[]): Block {
  const align = cells(lines[1] ?? '').map((mark) => (mark.endsWith(':') ? (mark.startsWith(':') ? 'center' as const : 'right' as const) : 'left' as const))
  const row = (line: string): Inline[][] => {
    const own = cells(line)
    return align.map((_, i) => readInline(own[i] ?? ''))
  }
  return { kind: 'table', align, head: row(lines[0] ?? ''), rows: lines.slice(2).map(row) }
}

/** A list and how many lines it took; deeper lines belong to the item above them. */
function readList(lines: readonly string[], from: number): [Block, number] {
  const first = ITEM.exec(lines[from] ?? '')
  const indent = first?.[1]?.length ?? 0
  const ordered = /\d/.test(first?.[2] ?? '')
  const items: { text: string; inner: string[] }[] = []
  let i = from
  for (; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const item = ITEM.exec(line)
    const depth = /^\s*/.exec(line)?.[0].length ?? 0
    const last = items.at(-1)
    if (item !== null && (item[1] ?? '').length <= indent) {
      if ((item[1] ?? '').length < indent || /\d/.test(item[2] ?? '') !== ordered || RULE.test(line)) break
      items.push({ text: item[3] ?? '', inner: [] })
    } else if (line.trim() === '') {
      const next = lines[i + 1] ?? ''
      if (next.trim() === '' || ((/^\s*/.exec(next)?.[0].length ?? 0) <= indent && ITEM.exec(next) === null)) break
      last?.inner.push('')
    } else if (last === undefined) break
    else if (depth > indent && (last.inner.length > 0 || item !== null || FENCE.test(line))) last.inner.push(line.slice(Math.min(depth, indent + 2)))
    else if (startsBlock(lines, i)) break
    else last.text += ` ${line.trim()}`
  }
  return [{ kind: 'list', ordered, items: items.map((item) => ({ content: readInline(item.text), children: readBlocks(item.inner) })) }, Math.max(1, i - from)]
}
