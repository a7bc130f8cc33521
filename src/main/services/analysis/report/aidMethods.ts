import { AID_WORDS, type ReadingAid } from '#shared/domain/index.ts'
import { aidModels, frozenAids, type AidModel, type FrozenAids } from '#main/database/queries/readingAids.ts'
import type { ReadDb } from '#main/database/index.ts'
import type { ProtocolDocument } from '../../reading/document.ts'
import { listed, plural } from './words.ts'

/** Which of the models behind an aid are named for it. */
const MADE_BY: Readonly<Record<AidModel['kind'], { readonly of: readonly ReadingAid[]; readonly what: string }>> = {
  segmentation: { of: ['contour'], what: 'the contour on automatic masks' }, signature: { of: ['signature', 'gradcam', 'risk'], what: 'signature' }, combined: { of: ['risk'], what: 'the risk' },
}
const SIGNATURE_WORDS: Readonly<Partial<Record<ReadingAid, string>>> = { signature: 'the DL signature', gradcam: 'Grad-CAM', risk: 'the signature in the risk' }

function modelText(kind: AidModel['kind'], models: readonly AidModel[], aids: readonly ReadingAid[]): string {
  const { of, what } = MADE_BY[kind], own = models.filter((m) => m.kind === kind), shown = aids.filter((a) => of.includes(a))
  if (shown.length === 0 || own.length === 0) return ''
  const subject = kind === 'signature' ? listed(shown.flatMap((a) => SIGNATURE_WORDS[a] ?? [])) : what
  return `${subject} by ${listed(own.map((m) => `${m.model} (SHA-256 ${m.sha256}; ${plural(m.cases, 'case')}${m.corrected === 0 ? '' : `, ${m.corrected} of them on a mask corrected by hand`})`))}`
}

function originText(frozen: FrozenAids, models: readonly AidModel[], aids: readonly ReadingAid[]): string {
  const simulated = frozen.simulated === 0 ? '' : `The aid of ${frozen.simulated} of ${plural(frozen.cases, 'case')} was simulated by the program; no model computed it, so nothing here is evidence of the help of any model.`
  const named = (['segmentation', 'signature', 'combined'] as const).map((kind) => modelText(kind, models, aids)).filter((t) => t !== '')
  const made = named.length > 0 ? `It was computed: ${named.join('; ')}.` : frozen.simulated < frozen.cases ? 'The rows do not say which model computed it.' : ''
  return [simulated, made].filter((t) => t !== '').join(' ')
}

/** What the aid of an aided reading was: which aids, frozen when and for how many cases, computed by which model files, or by none. From the frozen rows alone; null for a reading without aid. */
export function aidMethods(db: ReadDb, protocolId: string, d: Pick<ProtocolDocument, 'name' | 'modality' | 'aids'>): string | null {
  if (d.modality === 'unaided') return null
  const frozen = frozenAids(db, protocolId)
  if (frozen === undefined) return `No aid of “${d.name}” was frozen: it has not been started, or was read before aids were kept.`
  const counts = d.aids.map((aid) => `${AID_WORDS[aid]} of ${frozen[aid]}`)
  return `The aid of “${d.name}” was frozen on ${frozen.created_at.slice(0, 10)}, before the first answer, for ${plural(frozen.cases, 'case')} (${counts.join(', ')}), and was the same for every reader. ${originText(frozen, aidModels(db, protocolId), d.aids)}`
}
