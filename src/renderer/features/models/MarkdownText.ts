import { computed, defineComponent, h, type VNode, type VNodeArrayChildren } from 'vue'
import { readMarkdown, type Block, type Inline } from './markdown.ts'

const inline = (content: readonly Inline[]): VNodeArrayChildren => content.map((part) => {
  switch (part.kind) {
    case 'text': return part.text
    case 'code': return h('code', part.text)
    case 'strong': return h('strong', inline(part.children))
    case 'em': return h('em', inline(part.children))
    // Links are not followed inside the workstation: the address is shown, to be copied.
    case 'link': return h('span', { class: 'md-link', title: part.href }, [...inline(part.children), /^https?:/.test(part.href) && !sameText(part) ? h('span', { class: 'md-href' }, ` (${part.href})`) : null])
  }
})
const sameText = (part: Extract<Inline, { kind: 'link' }>): boolean => part.children.length === 1 && part.children[0]?.kind === 'text' && part.children[0].text === part.href

const block = (part: Block, key: number): VNode => {
  switch (part.kind) {
    // The panel's own title is the h2: the card's first heading comes under it.
    case 'heading': return h(`h${Math.min(6, part.level + 2)}`, { key, class: `md-h${part.level}` }, inline(part.content))
    case 'paragraph': return h('p', { key }, inline(part.content))
    case 'rule': return h('hr', { key })
    case 'code': return h('pre', { key }, h('code', part.text))
    case 'quote': return h('blockquote', { key }, part.blocks.map(block))
    case 'list': return h(part.ordered ? 'ol' : 'ul', { key }, part.items.map((item, i) => h('li', { key: i }, [...inline(item.content), ...item.children.map(block)])))
    case 'table': {
      const style = (i: number): { textAlign: 'left' | 'right' | 'center' } => ({ textAlign: part.align[i] ?? 'left' })
      return h('div', { key, class: 'md-table' }, h('table', [
        h('thead', h('tr', part.head.map((cell, i) => h('th', { key: i, scope: 'col', style: style(i) }, inline(cell))))),
        h('tbody', part.rows.map((row, k) => h('tr', { key: k }, row.map((cell, i) => h('td', { key: i, style: style(i) }, inline(cell)))))),
      ]))
    }
  }
}

/** Markdown as elements made one by one; no text is ever taken as HTML. */
export default defineComponent({
  name: 'MarkdownText',
  props: { text: { type: String, required: true } },
  setup(props) {
    const blocks = computed(() => readMarkdown(props.text))
    return () => h('div', { class: 'md selectable num' }, blocks.value.map(block))
  },
})
