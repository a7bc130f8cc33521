import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { meaningColours, meanings, paletteTable, resolveColour } from '#shared/figures/index.ts'
import { shortcutKeys } from '#renderer/ui/controls/keys.ts'
import { formatDuration } from '#renderer/ui/feedback/duration.ts'
import { sentence } from '#renderer/ui/feedback/sentence.ts'
import { fuzzyMatch, fuzzyRank } from '#renderer/ui/overlays/fuzzy.ts'

describe('fuzzy search', () => {
  it('finds letters in order and prefers runs at word beginnings', () => {
    expect(fuzzyMatch('zzz', 'Open review queue')).toBeNull()
    expect(fuzzyMatch('rev', 'Open review queue')?.at).toEqual([5, 6, 7])
    expect(fuzzyRank('rq', [{ title: 'Reader queue' }, { title: 'Open review queue' }, { title: 'Requeue' }]).map((r) => r.item.title)[0]).toBe('Reader queue')
  })
  it('finds keywords after titles and keeps all without a query', () => {
    const items = [{ title: 'Toggle light theme', keywords: 'dark appearance' }, { title: 'Dark field' }]
    expect(fuzzyRank('dark', items).map((r) => r.item.title)).toEqual(['Dark field', 'Toggle light theme'])
    expect(fuzzyRank('', items)).toHaveLength(2)
  })
})

describe('a message as a sentence', () => {
  it('begins with a capital, unless it begins with a name', () => {
    expect(['the login or the password is wrong', 'age is 400 years', 'wrong'].map(sentence)).toEqual(['The login or the password is wrong', 'Age is 400 years', 'Wrong'])
    for (const kept of ['gone.png is not there', 'case_id is missing', '/data/x is no study', 'reader1 is locked', 'sha256 differs', '12 rows', '']) expect(sentence(kept)).toBe(kept)
  })
})

describe('shortcuts and durations', () => {
  it('are written in the platform’s signs', () => {
    expect(shortcutKeys('Ctrl+Shift+k', false)).toEqual(['Ctrl', 'Shift', 'K'])
    expect(shortcutKeys('Ctrl+K', true)).toEqual(['⌘', 'K'])
    expect(shortcutKeys('+', false)).toEqual(['+'])
    expect(shortcutKeys('Ctrl++', false)).toEqual(['Ctrl', '+'])
    expect(shortcutKeys('[', false)).toEqual(['['])
  })
  it('are said as a person says them', () => {
    expect([300, 42_000, 200_000, 300_000, 7_500_000].map(formatDuration)).toEqual(['under a second', '42 s', '3 min 20 s', '5 min', '2 h 05 min'])
  })
})

/** Relative luminance and contrast by WCAG 2.2. */
const channels = (hex: string): number[] => {
  const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join('') : hex.slice(1)
  return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255)
}
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = channels(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe('the colours of the room', () => {
  const css = readFileSync(new URL('../../../src/renderer/ui/tokens.css', import.meta.url), 'utf8')
  const block = (theme: string): Map<string, string> => {
    const body = css.slice(css.indexOf(`[data-theme='${theme}'] {`)).split('}')[0] ?? ''
    return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map((m) => [m[1] as string, m[2] as string]))
  }
  for (const theme of ['dark', 'light'] as const) {
    const colours = block(theme)
    const of = (name: string): string => colours.get(name) ?? ''
    it(`reach AA in the ${theme} theme: texts 4.5, borders of fields 3`, () => {
      for (const text of ['text', 'text-2', 'text-3', 'accent-text', 'ok', 'attention', 'stop']) {
        for (const surface of ['panel', 'sunken', 'field']) expect([text, surface, contrast(of(text), of(surface)) >= 4.5]).toEqual([text, surface, true])
      }
      for (const text of ['text', 'text-2', 'accent-text']) for (const surface of ['frame', 'raised', 'raised-hover', 'row-selected']) expect([text, surface, contrast(of(text), of(surface)) >= 4.5]).toEqual([text, surface, true])
      expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5)
      expect(contrast(of('line-strong'), of('panel'))).toBeGreaterThanOrEqual(3)
      expect(contrast(of('accent'), of('panel'))).toBeGreaterThanOrEqual(3)
    })
    it(`are those of the figures in the ${theme} theme, and visible on a panel`, () => {
      const names: Record<string, string> = { groundTruth: 'ground-truth' }
      for (const meaning of meanings) {
        const hex = of(`c-${names[meaning] ?? meaning}`)
        const long = hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join('')}` : hex
        expect([meaning, long]).toEqual([meaning, meaningColours[theme][meaning]])
        if (meaning !== 'chance') expect([meaning, contrast(hex, of('panel')) >= 3]).toEqual([meaning, true])
      }
    })
  }
  it('stay apart with deuteranopia for the contours drawn together (CIE76 difference of at least 16)', () => {
    // Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB.
    const matrix = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    const linear = (hex: string): number[] => channels(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
    const seen = (hex: string): number[] => {
      const light = linear(hex)
      const [r = 0, g = 0, b = 0] = matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, k, i) => sum + k * (light[i] as number), 0))))
      const [x, y, z] = [f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047), f(0.2126 * r + 0.7152 * g + 0.0722 * b), f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)] as const
      return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
    }
    const shown = ['groundTruth', 'deeplabv3', 'unet', 'unetpp', 'fused', 'correction'] as const
    for (const a of shown) {
      for (const b of shown) {
        if (a >= b) continue
        const [p, q] = [seen(meaningColours.dark[a]), seen(meaningColours.dark[b])]
        expect([a, b, Math.hypot(...p.map((v, i) => v - (q[i] as number))) >= 16]).toEqual([a, b, true])
      }
    }
  })
  it('resolve by meaning, by number and as CSS', () => {
    expect(resolveColour('fused', 'dark')).toBe('#d8f04a')
    expect(resolveColour(8, 'dark')).toBe(resolveColour(0, 'dark'))
    expect(resolveColour('#123456', 'light')).toBe('#123456')
  })
})

describe('palettes', () => {
  it('begin and end as published and grow lighter throughout', () => {
    const table = paletteTable('viridis')
    expect([...table.slice(0, 3)]).toEqual([0x44, 0x01, 0x54])
    expect([...table.slice(-3)]).toEqual([0xfd, 0xe7, 0x25])
    for (const name of ['viridis', 'cividis'] as const) {
      const t = paletteTable(name)
      const light = Array.from({ length: 256 }, (_, i) => 0.2126 * (t[3 * i] as number) + 0.7152 * (t[3 * i + 1] as number) + 0.0722 * (t[3 * i + 2] as number))
      for (let i = 8; i < 256; i++) expect(light[i] as number).toBeGreaterThan((light[i - 8] as number))
    }
  })
})
