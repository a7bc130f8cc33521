import type { ReportBlock } from '#main/formats/pdf/index.ts'
import { clinicalVariable, SIGNATURE_TERM } from '#shared/domain/index.ts'
import { flowSvg, paletteColour, panelSvg, type FlowColumn, type PicturePanel } from '#shared/figures/index.ts'
import { layoutNomogram } from '#shared/figures/nomogram/layout.ts'
import { nomogramSvg } from '#shared/figures/nomogram/svg.ts'
import { nomogram } from '#shared/statistics/nomogram/index.ts'
import { camPanels } from '#main/formats/images/camPanels.ts'
import { cohortCounts, cohortFlowCounts, flowCounts } from '#main/database/queries/cases.ts'
import { signaturesOfImage } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../../context.ts'
import type { Material } from './material.ts'

const ROLE = { fit: 'fitting', choose: 'choosing', report: 'reporting' } as const

/** Figure 2: from the recorded cases to those that models and readers scored. */
export function flowBlock({ study, cohorts }: Material): ReportBlock {
  const db = study.db.read, flow = flowCounts(db), into = cohortFlowCounts(db), counts = cohortCounts(db)
  const columns = [...new Set(flow.map((f) => f.hospital))].map((hospital): FlowColumn => {
    const own = flow.filter((f) => f.hospital === hospital), sum = (rows: readonly { cases: number }[]): number => rows.reduce((s, r) => s + r.cases, 0)
    return {
      title: hospital === 'not stated' ? 'Hospital not stated' : `Hospital ${hospital}`, recorded: sum(own), included: sum(own.filter((f) => f.reason === null)), excluded: own.flatMap((f) => (f.reason === null ? [] : [{ reason: f.reason, cases: f.cases }])),
      cohorts: into.filter((c) => c.hospital === hospital).map((c) => {
        const count = counts.find((k) => k.name === c.cohort)
        return { name: c.cohort ?? 'no cohort', cases: c.cases, lines: count === undefined ? [] : [ROLE[count.role], `${count.positive} positive, ${count.negative} negative`] }
      }),
    }
  })
  const readers = [...new Set(cohorts.flatMap((c) => c.analysis.readers.each.map((r) => r.name)))]
  const scored = cohorts.flatMap((c) => { const model = c.roc.curves.find((k) => k.name === c.analysis.model); return model === undefined ? [] : [`${c.cohort} ${model.n}`] })
  const foot = [scored.length === 0 ? 'No model has scored the cases yet' : `Scored by the model: ${scored.join(', ')}`, readers.length === 0 ? 'No reading is complete yet' : `Read blind by ${readers.length} reader${readers.length === 1 ? '' : 's'}`]
  return { kind: 'drawing', drawing: { id: 'figure2-flow', ...flowSvg(columns, foot) }, caption: `Figure 2. Flow of cases and cohorts; positive: ${study.outcome.label}.` }
}

/** Figure 7: the frozen model’s nomogram, to scale. */
export function nomogramBlocks({ frozen }: Material): ReportBlock[] {
  if (frozen === null) return []
  const made = nomogram(frozen.model)
  if (!made.ok) return [{ kind: 'text', text: `Nomogram: none. ${made.error.message}`, tone: 'quiet' }]
  const drawn = layoutNomogram(made.value, { width: 860, label: (term) => (term === SIGNATURE_TERM ? 'DL signature' : (clinicalVariable(term)?.label ?? term)), present: null, whatIf: null, riskName: 'Risk' })
  const svg = nomogramSvg(drawn, `Nomogram of ${frozen.name}`, [])
  const height = Number(/height="([\d.]+)"/.exec(svg)?.[1] ?? drawn.height)
  return [{ kind: 'drawing', drawing: { id: 'figure7-nomogram', svg, width: drawn.width, height }, caption: `Figure 7. Nomogram of ${frozen.name}: add the points of every row, read the risk of ${frozen.model.positiveClass} below the total. SHA-256 ${frozen.sha256.slice(0, 16)}…` }]
}

interface Typical { readonly label: string; readonly outcome: 0 | 1; readonly probability: number; readonly object: string; readonly cam: string; readonly box: { x: number; y: number; width: number; height: number } }

/** One positive case that the network found most suspicious and one negative that it found least so, of the last reporting cohort that has them. */
function typicalCases({ study, rows, signature, cohorts }: Material): Typical[] {
  const reporting = [...cohorts].reverse().find((c) => c.role === 'report' && c.roc.curves.some((k) => k.name === signature))?.cohort
  const known = rows.filter((r) => r.outcome !== null && r.cohort === reporting).flatMap((r): Typical[] => {
    const found = signaturesOfImage(study.db.read, r.image_id).find((s) => s.model === signature)
    return found === undefined || !study.objects.has(found.cam) ? [] : [{ label: r.label, outcome: r.outcome as 0 | 1, probability: found.probability, object: r.object, cam: found.cam, box: JSON.parse(found.box) as Typical['box'] }]
  }).sort((a, b) => a.probability - b.probability)
  const low = known.find((k) => k.outcome === 0), high = known.findLast((k) => k.outcome === 1)
  return [high, low].filter((t): t is Typical => t !== undefined && t.box.width > 0 && t.box.height > 0)
}

async function panelsOf(study: OpenStudy, typical: Typical, letters: readonly [string, string]): Promise<PicturePanel[]> {
  const { plain, heat, width, height } = await camPanels(study.objects.get(typical.object), study.objects.get(typical.cam), typical.box)
  const truth = typical.outcome === 1 ? `${study.outcome.label}: yes` : `${study.outcome.label}: no`
  return [{ letter: letters[0], png: plain.toString('base64'), width, height, lines: [`Case ${typical.label}`, truth] }, { letter: letters[1], png: heat.toString('base64'), width, height, lines: [`DL signature ${typical.probability.toFixed(3)}`] }]
}

/** Figure 5: the pictures of two typical cases with their Grad-CAM. */
export async function camBlocks(material: Material): Promise<ReportBlock[]> {
  const typical = typicalCases(material)
  if (typical.length === 0) return []
  const panels = (await Promise.all(typical.map((t, i) => panelsOf(material.study, t, i === 0 ? ['A', 'B'] : ['C', 'D'])))).flat()
  const scale = { low: 'low', high: 'high contribution', colours: Array.from({ length: 50 }, (_, i) => paletteColour('viridis', i / 49)) }
  return [{ kind: 'drawing', drawing: { id: 'figure5-gradcam', ...panelSvg(panels, scale, 'Grad-CAM of two typical cases') }, caption: `Figure 5. Two typical cases of ${material.signature ?? 'the network'}: the positive case it found most suspicious and the negative case it found least so. Left the picture with the region that the network saw, right its Grad-CAM, scaled to the map’s own highest value.` }]
}
