import { AID_WORDS, MODALITY_LABELS, clinicalVariable, isAided } from '#shared/domain/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { protocolVersions } from '#main/database/queries/protocols.ts'
import { protocols } from '#main/database/queries/reading.ts'
import { withdrawals } from '#main/database/queries/withdrawal.ts'
import type { ReadDb } from '#main/database/index.ts'
import { documentOf, type ProtocolDocument } from '../../reading/document.ts'
import { aidMethods } from './aidMethods.ts'
import { listed, plural } from './words.ts'

function readersText(db: ReadDb, d: ProtocolDocument): string {
  const seniority = d.readers.map((id) => accountById(db, id)?.seniority ?? 'seniority not stated')
  const counts = [...new Set(seniority)].map((kind) => `${seniority.filter((s) => s === kind).length} ${kind}`)
  return `${plural(d.readers.length, 'reader')} (${counts.join(', ')})`
}

function blindingText(d: ProtocolDocument): string {
  const factors = d.factors.map((name) => clinicalVariable(name)?.label ?? name)
  const hidden = ['outcome', 'identity of the patient', 'other readers', factors.length === 0 ? 'clinical factors' : `clinical factors other than ${listed(factors)}`, ...(isAided(d.modality) ? [] : ['model'])]
  const aided = isAided(d.modality) ? `; of the model they saw ${listed(d.aids.map((a) => AID_WORDS[a]))}${d.modality === 'aided' ? '' : ' in the aided part only'}` : ''
  return `blinded to ${listed(hidden)}${aided}`
}

function conductText(d: ProtocolDocument): string {
  return [
    `${plural(d.sessions, 'session')}, washout of ${d.washoutDays} days`, `order: ${d.order} (seed ${d.seed})`,
    d.training.caseLabels.length === 0 ? '' : `${plural(d.training.caseLabels.length, 'training case')} first${d.training.feedback ? ', with feedback' : ''}, not analysed`, d.questions.length === 0 ? '' : `further questions: ${d.questions.map((q) => `“${q.label}”`).join(', ')}`,
    d.timeLimitSeconds === null ? '' : `at most ${d.timeLimitSeconds} s of looking a case`, d.breaks === null ? '' : `a break of ${d.breaks.minutes} min after ${plural(d.breaks.afterCases, 'case')}`, d.allowBack ? 'cases could be put off' : '',
  ].filter((s) => s !== '').join('; ')
}

/** Each reader study: who read what and how, what was amended, who left. */
function readingText(db: ReadDb, protocol: { readonly id: string; readonly document: string }): string[] {
  const d = documentOf(protocol), amended = protocolVersions(db, protocol.id).filter((v) => v.version > 1)
  const name = (id: string): string => accountById(db, id)?.name ?? 'unknown'
  const out = [`Reading “${d.name}”: ${readersText(db, d)}, ${MODALITY_LABELS[d.modality].toLowerCase()}, question “${d.question}”, ${d.scale === 'points5' ? 'suspicion on 5 points' : 'suspicion from 0 to 100'} and a call, ${blindingText(d)}; ${conductText(d)}.${d.instructions === '' ? '' : ` The protocol tells the readers: “${d.instructions}”`}`]
  const aid = aidMethods(db, protocol.id, d)
  if (aid !== null) out.push(aid)
  if (amended.length > 0) out.push(`The protocol of “${d.name}” was amended: ${amended.map((v) => `v${v.version} on ${v.created_at.slice(0, 10)} (${v.reason}), ${plural(v.readings, 'answer')} under it`).join('; ')}.`)
  if (d.withdrawn.length > 0) out.push(`Readers who left “${d.name}”: ${d.withdrawn.map((w) => `${name(w.reader)} on ${w.on.slice(0, 10)} (${w.reason})${w.replacedBy === null ? '' : `, replaced by ${name(w.replacedBy)}`}`).join('; ')}. What they had read is kept.`)
  return out
}

/** Patients who withdrew: how many, when, and that nothing of them is in the figures. No name or label is told. */
export function withdrawalText(db: ReadDb): string {
  const all = withdrawals(db)
  if (all.length === 0) return 'No patient was withdrawn.'
  const sum = (of: (w: (typeof all)[number]) => number): number => all.reduce((n, w) => n + of(w), 0)
  const days = [...new Set(all.map((w) => w.created_at.slice(0, 10)))].sort()
  return `${plural(all.length, 'patient')} withdrew (${listed(days)}): ${plural(sum((w) => w.cases), 'case')} with ${plural(sum((w) => w.images), 'image')} and everything made of them were removed and are in no figure of this report; the reasons are in the audit log.`
}

export const readingMethods = (db: ReadDb): string[] => [...protocols(db).flatMap((p) => readingText(db, p)), withdrawalText(db)]
