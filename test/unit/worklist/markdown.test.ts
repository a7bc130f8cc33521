import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { describe, expect, test } from 'vitest'
import { readInline, readMarkdown, type Block, type Inline } from '#renderer/features/models/markdown.ts'
import MarkdownText from '#renderer/features/models/MarkdownText.ts'
import { root } from '#test/support/studies.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

const plain = (content: readonly Inline[]): string => content.map((c) => ('text' in c ? c.text : plain(c.children))).join('')
const render = (text: string): Promise<string> => renderToString(createSSRApp({ render: () => h(MarkdownText, { text }) }))

describe('Markdown of model cards', () => {
  test('headings, paragraphs over several lines, rules', () => {
    expect(readMarkdown('# A card\none\ntwo\n\n---\n### Deep ###')).toEqual([
      { kind: 'heading', level: 1, content: [{ kind: 'text', text: 'A card' }] }, { kind: 'paragraph', content: [{ kind: 'text', text: 'one two' }] }, { kind: 'rule' },
      { kind: 'heading', level: 3, content: [{ kind: 'text', text: 'Deep' }] },
    ])
  })
  test('lists, nested and numbered, with lines that go on', () => {
    const [list] = readMarkdown('- one\n  goes on\n- two\n  - inner\n  - inner too\n- three')
    expect(list?.kind === 'list' && list.items.map((i) => [plain(i.content), i.children.length])).toEqual([['one goes on', 0], ['two', 1], ['three', 0]])
    const [numbered] = readMarkdown('1. first\n2. second')
    expect(numbered).toMatchObject({ kind: 'list', ordered: true, items: [{}, {}] })
  })
  test('tables with alignment, code and a bar in a cell', () => {
    const [table] = readMarkdown('| cohort | Dice |\n|---|--:|\n| test | `0.91` |\n| a \\| b | **0.9** |')
    expect(table).toMatchObject({ kind: 'table', align: ['left', 'right'] })
    expect(table?.kind === 'table' && table.rows.map((r) => r.map(plain))).toEqual([['test', '0.91'], ['a | b', '0.9']])
  })
  test('a row with too few or too many cells keeps the table\'s width', () => {
    const [table] = readMarkdown('a | b\n---|---\n| 1 |\n1 | 2 | 3 |')
    expect(table?.kind === 'table' && table.rows.map((r) => r.length)).toEqual([2, 2])
  })
  test('code keeps its lines and its marks; an unclosed fence runs to the end', () => {
    expect(readMarkdown('```sh\nnpm *start*\n\n# no heading\n```\nafter')).toEqual([{ kind: 'code', text: 'npm *start*\n\n# no heading' }, { kind: 'paragraph', content: [{ kind: 'text', text: 'after' }] }])
    expect(readMarkdown('```\nx')).toEqual([{ kind: 'code', text: 'x' }])
  })
  test('spans: strong, emphasis, code, links; marks without a partner and in words stay', () => {
    expect(readInline('**a** *b* `c*d*` [e](https://x.org)')).toEqual([
      { kind: 'strong', children: [{ kind: 'text', text: 'a' }] }, { kind: 'text', text: ' ' }, { kind: 'em', children: [{ kind: 'text', text: 'b' }] }, { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c*d*' }, { kind: 'text', text: ' ' }, { kind: 'link', href: 'https://x.org', children: [{ kind: 'text', text: 'e' }] },
    ])
    for (const text of ['2 * 3 * 4', 'snake_case_name', 'a ** b', '`open', '[no link]']) expect(readInline(text)).toEqual([{ kind: 'text', text }])
    expect(readInline('\\*a\\*')).toEqual([{ kind: 'text', text: '*a*' }])
  })
  test('whatever is in the text, none of it becomes HTML', async () => {
    const html = await render('# <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n| <b>x</b> |\n|---|\n| <i onclick=a>y</i> |\n\n[z](javascript:alert(1))\n\n```\n</code><script>\n```')
    expect(html).not.toMatch(/<(script|img|b|i|a)\b/)
    expect(html).not.toMatch(/href|onerror=(?!alert\(1\)&gt;)/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })
  test('any text is read to an end, quickly, and no letter of plain words is lost', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '*', '_', '`', '|', '-', '#', '>', '1', '.', '[', ']', '(', ')', '\\', '~'), maxLength: 240 }), (text) => {
      const letters = (s: string): string => s.replace(/[^ab]/g, '')
      const words = (blocks: readonly Block[]): string => blocks.map((b): string => {
        switch (b.kind) {
          case 'heading': case 'paragraph': return plain(b.content)
          case 'code': return b.text
          case 'rule': return ''
          case 'quote': return words(b.blocks)
          case 'list': return b.items.map((i) => plain(i.content) + words(i.children)).join('')
          case 'table': return [...b.head, ...b.rows.flat()].map(plain).join('')
        }
      }).join('')
      // What may be dropped: the language of a fence, the address of a link, cells beyond a table's width.
      if (/[`~]{3}|\]\(|\|/.test(text)) return readMarkdown(text).length >= 0
      return letters(words(readMarkdown(text))) === letters(text)
    }), { numRuns: 1500 })
    expect(cpuTime(() => readMarkdown(`${'*a '.repeat(4000)}\n${'[a]('.repeat(2000)}\n${'`'.repeat(3001)}`))).toBeLessThan(2000)
  })
  test('the cards that are here read without leftovers of their marks', async () => {
    const cards = readdirSync(join(root, 'models'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.md') && !f.includes('node_modules'))
    expect(cards.length).toBeGreaterThan(0)
    for (const card of cards) {
      const html = await render(readFileSync(join(root, 'models', card), 'utf8'))
      const outside = html.replace(/<code>[\s\S]*?<\/code>/g, '').replace(/<[^>]+>/g, '')
      expect([card, outside.match(/\*\*|^#+ |\|---/gm)]).toEqual([card, null])
    }
  })
})
