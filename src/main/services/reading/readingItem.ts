import { Failure, type ReadingItem, type ReadingPlace } from '#shared/contract/index.ts'
import { breakUntil, clinicalVariable, partsOf, type ReadingPart } from '#shared/domain/index.ts'
import type { Calibration } from '#shared/geometry/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { frameTimeOf } from '#main/database/queries/cine.ts'
import { recordExposure } from '#main/database/queries/exposure.ts'
import { draftOf, itemAt, openItems, openNeighbours, sessionProgress, submittedAt, type ItemRow, type SessionRow } from '#main/database/queries/reading.ts'
import { factorsOfCase } from '#main/database/queries/readingAids.ts'
import type { Caller, OpenStudy, World } from '../context.ts'
import { shownAids } from './aids.ts'
import type { ProtocolDocument } from './document.ts'
import { coveredAsset, coveringOf } from './readerImage.ts'

/** A session that may be read now, with its protocol's document. */
export interface OpenSession { readonly session: SessionRow; readonly document: ProtocolDocument; readonly hash: string }

/** The part of a case that is due: in an unaided-then-aided session the aided one comes when the unaided one has its answer. */
export function partDue(session: Pick<SessionRow, 'modality'>, row: Pick<ItemRow, 'answered'>): ReadingPart {
  if (session.modality !== 'unaided_then_aided') return session.modality
  return row.answered === 1 ? 'aided' : 'unaided'
}

/** A reader cannot tell from a shape of the answer what came before: position, picture, size, scale, and what the protocol lists. */
function toItem(study: OpenStudy, caller: Caller, { session, document }: OpenSession, row: ItemRow): ReadingItem {
  const db = study.db.read
  const key = (position: number): string => `reading:${session.id}:${position}`
  const urls = (item: ItemRow): string[] => {
    const covering = coveringOf(study, item, document.outsideRegions)
    return frameObjects(db, item.image_id).map((object, frame) => caller.grant(`${key(item.position)}/${frame}`, coveredAsset(study, object, covering)))
  }
  const part = partDue(session, row)
  const frameUrls = urls(row)
  const draft = draftOf(db, session.id, row.position)
  const after = openItems(db, session, 2).find((r) => r.position !== row.position)
  const around = document.allowBack ? openNeighbours(db, session, row.position) : { before: null, after: null }
  return {
    sessionId: session.id, position: row.position, ...sessionProgress(db, session.id), part, parts: partsOf(session.modality).length, training: row.training === 1, imageUrl: frameUrls[0] ?? '', frameUrls, width: row.width, height: row.height,
    frameTimeMs: row.frames > 1 ? frameTimeOf(db, row.image_id) : null, calibration: JSON.parse(row.calibration) as Calibration & ReadingItem['calibration'],
    draft: draft === undefined || (draft.modality ?? 'unaided') !== part ? null : { call: draft.call, rating: draft.rating, answers: JSON.parse(draft.answers ?? '{}') as NonNullable<ReadingItem['draft']>['answers'], activeSeconds: draft.active_seconds },
    scale: document.scale, question: document.question, questions: [...document.questions], factors: factorsOfCase(db, row.case_id, document.factors).map((f) => {
      const known = clinicalVariable(f.name)
      return { label: known?.label ?? f.name, value: f.value, unit: known?.kind === 'number' ? known.unit : '' }
    }),
    aids: part === 'aided' ? shownAids(study, caller, session.protocol_id, row.case_id, document.aids, key(row.position)) : null, timeLimitSeconds: document.timeLimitSeconds,
    previous: around.before, next: around.after, nextImageUrl: after === undefined ? null : (urls(after)[0] ?? null),
  }
}

/** The next open case, or the open one at `position` where going back is allowed; none while a break is due. */
export function placeIn(study: OpenStudy, world: World, caller: Caller, open: OpenSession, position?: number): ReadingPlace {
  const { session, document } = open
  const db = study.db.read
  const pause = breakUntil(submittedAt(db, session.id, (document.breaks?.afterCases ?? 0) * 2 + 2).map((at) => Date.parse(at)), withParts(document, session), world.clock.now().getTime())
  const [first] = openItems(db, session, 1)
  if (first === undefined) return { item: null, breakUntil: null }
  // Between the two parts of a case there is no break: the first answer is fresh.
  const between = session.modality === 'unaided_then_aided' && first.answered === 1
  if (pause !== null && !between) return { item: null, breakUntil: new Date(pause).toISOString() }
  const row = position === undefined ? first : openAt(study, open, position)
  study.db.write(caller.actor, (tx) => recordExposure(tx, caller.account.id, row.case_id, `reading:${session.id}`))
  return { item: toItem(study, caller, open, row), breakUntil: null }
}

/** Breaks count cases; a case of two parts has two answers. */
const withParts = (document: ProtocolDocument, session: SessionRow): ProtocolDocument['breaks'] =>
  (document.breaks === null ? null : { ...document.breaks, afterCases: document.breaks.afterCases * partsOf(session.modality).length })

/** An open case that the reader may answer now: the next of the order, or any open one where the protocol allows going back. */
export function openAt(study: OpenStudy, { session, document }: OpenSession, position: number): ItemRow {
  const db = study.db.read
  const row = itemAt(db, session.id, position)
  if (row === undefined) throw new Failure('not_found', 'there is no such position')
  const [first] = openItems(db, session, 1)
  if (first?.position === position) return row
  const around = openNeighbours(db, session, position - 1)
  if (around.after !== position) throw new Failure('locked', 'this case was submitted and can no longer be changed')
  if (!document.allowBack) throw new Failure('conflict', 'this is not the next case of the order; the next one is shown instead')
  return row
}
