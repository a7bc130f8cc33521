import { describe, expect, test } from 'vitest'
import { figureToCsv, figureToSvg, flowSvg, matrixFigure, panelSvg } from '#shared/figures/index.ts'
import { fusionImportances } from '#main/services/analysis/report/fusion.ts'

const figure = matrixFigure({ id: 'm', title: 'DeLong', rows: ['dl', 'combined'], columns: ['clinical', 'dl'], label: (n) => n.toUpperCase(), full: 0.3, cells: [{ row: 'dl', column: 'clinical', value: -0.05, p: 0.0004 }, { row: 'combined', column: 'dl', value: 0.12, p: 0.3 }, { row: 'combined', column: 'clinical', value: null, text: 'no test' }] })

describe('a matrix of pairs', () => {
  test('writes value and p into its cells, and says where there is no test', () => {
    const svg = figureToSvg(figure)
    for (const text of ['−0.050', 'p &lt; 0.001', '0.120', 'p = 0.300', 'no test', 'COMBINED']) expect(svg).toContain(text)
    expect(svg).not.toContain('NaN')
  })
  test('keeps every number in full in its CSV', () => {
    const rows = figureToCsv(figure).trim().split('\r\n').map((r) => r.split(','))
    const [head] = rows
    expect(rows.slice(1).map((r) => [r[head?.indexOf('label') ?? 0], r[head?.indexOf('value') ?? 0], r[head?.indexOf('p') ?? 0]])).toEqual([['dl | clinical', '-0.05', '0.0004'], ['combined | dl', '0.12', '0.3'], ['combined | clinical', '', '']])
  })
})

test('the flow of cases is drawn with every count and nothing outside its page', () => {
  const flow = flowSvg([{ title: 'Hospital A', recorded: 653, included: 579, excluded: [{ reason: 'poor image quality & size <1 mm', cases: 74 }], cohorts: [{ name: 'train', cases: 405, lines: ['fitting'] }, { name: 'validation', cases: 174, lines: [] }] }, { title: 'Hospital B', recorded: 113, included: 113, excluded: [], cohorts: [{ name: 'external test', cases: 113, lines: [] }] }], ['Read blind by 4 readers'])
  const words = [...flow.svg.matchAll(/>([^<]*)<\/text>/g)].map((m) => m[1]).join(' ')
  for (const text of ['653 cases recorded', '74 excluded', 'poor image quality &amp; size &lt;1 mm: 74', '579 cases included', '405 cases', '113 cases included', 'Read blind by 4 readers']) expect(words).toContain(text)
  for (const [, x, width] of flow.svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)) expect(Number(x) + Number(width)).toBeLessThanOrEqual(flow.width)
  for (const [, y, height] of flow.svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)) expect(Number(y) + Number(height)).toBeLessThanOrEqual(flow.height)
})

test('pictures stand side by side with their letters and the scale of the heat map', () => {
  const { svg } = panelSvg([{ letter: 'A', png: 'AAAA', width: 100, height: 80, lines: ['Case 1'] }, { letter: 'B', png: 'BBBB', width: 100, height: 80, lines: [] }], { low: 'low', high: 'high', colours: ['#000', '#fff'] }, 'Grad-CAM')
  expect(svg.match(/<image /g)).toHaveLength(2)
  for (const text of ['>A<', '>B<', 'Case 1', 'data:image/png;base64,AAAA', 'high']) expect(svg).toContain(text)
})

test('importances count every split of every tree, leaves not at all', () => {
  const tree = { left_children: [1, -1, -1], loss_changes: [30, 0, 0], split_indices: [1, 0, 0] }, other = { left_children: [1, -1, 3, -1, -1], loss_changes: [10, 0, 10, 0, 0], split_indices: [0, 0, 1, 0, 0] }
  const rows = fusionImportances(JSON.stringify({ learner: { feature_names: ['deeplabv3', 'unet'], gradient_booster: { model: { trees: [tree, other] } } } }))
  expect(rows).toEqual([{ name: 'deeplabv3', gain: 0.2, splits: 1 }, { name: 'unet', gain: 0.8, splits: 2 }])
})
