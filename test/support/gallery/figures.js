import { blandAltmanFigure, calibrationFigure, decisionFigure, forestFigure, rocFigure, swarmFigure } from '#shared/figures/index.ts'
import { createRandom } from '#shared/lib/index.ts'

const random = createRandom('figures')
const curve = (bend) => Array.from({ length: 41 }, (_, i) => { const x = i / 40; return { x, y: Math.min(1, x ** bend) } })
const quantile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
const values = (mean, sd, n) => Array.from({ length: n }, (_, i) => ({ value: Math.min(0.99, mean + sd * random.normal()), label: `Case ${i + 1}` }))
const group = (id, label, mean) => {
  const v = values(mean, 0.05, 60)
  const s = v.map((x) => x.value).sort((a, b) => a - b)
  return { id, label, colour: id, values: v, box: { min: quantile(s, 0.05), q1: quantile(s, 0.25), median: quantile(s, 0.5), q3: quantile(s, 0.75), max: quantile(s, 0.95) } }
}
export const figures = [
  rocFigure({
    id: 'roc-external-test', title: 'Model and readers, external test cohort', subtitle: 'Outcome: SLN metastasis',
    curves: [
      { id: 'model', label: 'Combined model', colour: 'model', thick: true, points: curve(0.22), auc: 0.861, ci95: [0.802, 0.919] },
      { id: 'senior', label: 'Senior readers (mean)', colour: 'senior', points: curve(0.38), auc: 0.761, ci95: [0.69, 0.832] },
      { id: 'junior', label: 'Junior readers (mean)', colour: 'junior', points: curve(0.5), auc: 0.694, ci95: [0.612, 0.776] },
    ],
    calls: [{ id: 'calls-s', label: 'Senior calls', colour: 'senior', points: [{ x: 0.22, y: 0.66, label: 'Reader 3' }, { x: 0.3, y: 0.7, label: 'Reader 4' }] }, { id: 'calls-j', label: 'Junior calls', colour: 'junior', points: [{ x: 0.35, y: 0.61, label: 'Reader 1' }, { x: 0.41, y: 0.68, label: 'Reader 2' }] }],
    notes: ['n = 126 patients, 58 positive. AUC with 95 % confidence intervals by DeLong. Combined model against senior readers: difference 0.100, p = 0.012 (single-treatment random-reader test).'],
  }),
  calibrationFigure({ id: 'calibration', title: 'Calibration', groups: [{ id: 'combined', label: 'Combined', colour: 0, smooth: curve(1.1), bins: [0.1, 0.3, 0.5, 0.7, 0.9].map((x) => ({ x, y: x + 0.05 * random.normal(), yError: [Math.max(0, x - 0.1), Math.min(1, x + 0.12)] })) }], notes: ['Hosmer-Lemeshow p = 0.41, 5 groups.'] }),
  decisionFigure({ id: 'decision', title: 'Decision curves', curves: [{ id: 'm', label: 'Combined model', colour: 'model', thick: true, points: curve(1).map(({ x }) => ({ x, y: 0.46 * (1 - x) ** 1.2 })) }, { id: 'all', label: 'Treat all', colour: 'chance', points: curve(1).slice(0, 38).map(({ x }) => ({ x, y: 0.46 - 0.54 * x / (1 - x) })) }, { id: 's', label: 'Senior', colour: 'senior', points: curve(1).map(({ x }) => ({ x, y: 0.4 * (1 - x) ** 2 })) }] }),
  forestFigure({ id: 'forest', title: 'Multivariable logistic regression', measure: 'Odds ratio', rows: [{ label: 'DL signature (per 0.1)', estimate: 1.72, ci95: [1.41, 2.1], p: '< 0.001' }, { label: 'Age (per 10 y)', estimate: 0.88, ci95: [0.7, 1.11], p: '0.28' }, { label: 'Size (per 10 mm)', estimate: 1.36, ci95: [1.02, 1.82], p: '0.037' }, { label: 'Ki-67 positive', estimate: 1.9, ci95: [0.94, 3.83], p: '0.073' }], notes: ['Fit on the training cohort, n = 312. Wald intervals and p.'] }),
  blandAltmanFigure({ id: 'ba', title: 'Long axis, annotator A and B', quantity: 'long axis', unit: 'mm', bias: 0.21, limits: [-2.1, 2.5], pairs: Array.from({ length: 80 }, (_, i) => ({ x: 8 + random.next() * 30, y: 0.2 + 1.1 * random.normal(), label: `Case ${i}` })) }),
  swarmFigure({ id: 'dice', title: 'Dice by cohort and network', quantity: 'Dice', min: 0.5, max: 1, categories: ['Training', 'Internal validation', 'External test'].map((label, i) => ({ label, groups: [group('deeplabv3', 'DeepLabV3', 0.86 - i * 0.02), group('unet', 'U-Net', 0.84 - i * 0.02), group('unetpp', 'U-Net++', 0.85 - i * 0.02), group('fused', 'Fused', 0.9 - i * 0.02)] })) }),
]
