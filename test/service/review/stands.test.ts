import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts'
import type { Context } from '#main/app/createApp.ts'
import type { WriteDb } from '#main/database/index.ts'
import { signatureModel } from '#main/database/queries/combined.ts'
import { currentSignatures, standingSegmentation, standingSignatureIds, unsignedMasks } from '#main/database/queries/inference.ts'
import { modelSetsInUse, takeModelSets } from '#main/database/queries/modelSets.ts'
import { modelOutput } from '#main/database/queries/readingAids.ts'
import { chooseMasks } from '#main/services/dicom/chooseMasks.ts'
import { casesForExport } from '#main/database/queries/exports.ts'
import { maskFigures } from '#main/services/analysis/segmentation.ts'
import { studyTables } from '#main/services/exports/tables.ts'
import { encodeMask, maskToBytes } from '#shared/geometry/index.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { plantSegmentation } from '#test/support/plantedReadings.ts'
import { MARK, PASSWORD, secretStudy, type SecretStudy } from '#test/support/secretStudy.ts'
import { sln, temporary } from '#test/support/studies.ts'

/** Each image of the study has a segmentation, a signature and a rejection of one set (called by the mark), and no record of which set is in use. */
const home = temporary('stands')
let secret: SecretStudy
let investigator: Context
let image: { readonly image_id: string; readonly case_id: string }
let first: string
const ALL = { cohort: null, caseId: null }
const call = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
  const answer = await secret.app.call(investigator, name, input)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.value as CallOutput<N>
}
const write = <T>(work: (tx: WriteDb) => T): T => secret.study.db.write('test', work)
const use = (segmentation: string, signature: string): void => write((tx) => takeModelSets(tx, { segmentation, signature }))
function sign(on: { readonly segmentation?: string; readonly annotation?: string }, set: string, probability: number): string {
  return write((tx) => {
    const id = secret.app.house.world.ids.next()
    tx.insert('signature', { id, ...image, segmentation_id: on.segmentation ?? null, annotation_id: on.annotation ?? null, mask_kind: on.annotation === undefined ? 'automatic' : 'corrected', model_set: set, model: set === MARK ? MARK : 'net', model_sha256: `sha of ${set}`, is_signature: 1, probability, cam: 'cam', box: '{}', provider: 'cpu', created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'signature.create', subject: 'signature', id })
    return id
  })
}
const stands = (): { set: string | undefined; ids: string[]; probability: number | undefined; aid: number | null } => ({
  set: standingSegmentation(secret.study.db.read, image.image_id)?.model_set, ids: [...standingSignatureIds(secret.study.db.read, image.image_id)],
  probability: currentSignatures(secret.study.db.read).find((s) => s.image_id === image.image_id)?.probability, aid: modelOutput(secret.study.db.read, image.image_id, signatureModel(secret.study.db.read)?.model ?? null).signature,
})

beforeAll(async () => {
  secret = await secretStudy(home.path)
  investigator = secret.app.context({})
  await call('session.signIn', { login: 'investigator', password: PASSWORD })
  image = secret.study.db.read.get<typeof image>('SELECT id AS image_id, case_id FROM image ORDER BY id LIMIT 1') as typeof image
  first = standingSegmentation(secret.study.db.read, image.image_id)?.id ?? ''
})
afterAll(async () => {
  await secret?.close()
  home.remove()
})

test('in a study that never recorded which sets are in use, the newest results stand', () => {
  expect(modelSetsInUse(secret.study.db.read)).toBeUndefined()
  expect(stands()).toMatchObject({ set: MARK, probability: 0.424242, aid: 0.424242 })
})

test('masks and signatures of the set in use stand; what another set made later stays stored, and stands again when it is chosen again', () => {
  write((tx) => plantSegmentation(tx, image, { id: 'second', set: 'other' }))
  const ofSecond = sign({ segmentation: 'second' }, 'other-signatures', 0.9)
  use(MARK, MARK)
  expect(stands()).toMatchObject({ set: MARK, probability: 0.424242 })
  use('other', 'other-signatures')
  expect(stands()).toEqual({ set: 'other', ids: [ofSecond], probability: 0.9, aid: 0.9 })
  // Another image was not seen by the set in use: it keeps the mask that it had, and has no signature of this set.
  expect(currentSignatures(secret.study.db.read)).toHaveLength(1)
  use(MARK, MARK)
  expect(stands()).toMatchObject({ set: MARK, probability: 0.424242, aid: 0.424242 })
})

test('a value of other networks never stands beside those in use, nor one that was made on another mask', () => {
  use(MARK, 'other-signatures')
  expect(stands()).toEqual({ set: MARK, ids: [], probability: undefined, aid: null })
  expect(unsignedMasks(secret.study.db.read, 'other-signatures', ALL)).toHaveLength(8)
  expect(unsignedMasks(secret.study.db.read, MARK, ALL)).toEqual([])
  const own = sign({ segmentation: first }, 'other-signatures', 0.7)
  expect(stands()).toEqual({ set: MARK, ids: [own], probability: 0.7, aid: 0.7 })
  use(MARK, MARK)
})

test('a correction stands as long as the newest review is that correction, and is classified by the next run where its value is missing', () => {
  const mask = secret.study.db.read.get<{ mask: string }>('SELECT mask FROM annotation LIMIT 1')?.mask ?? ''
  const account = secret.accounts['investigator']
  const review = (decision: 'accepted' | 'corrected', annotation: string | null): void => write((tx) => {
    const id = secret.app.house.world.ids.next()
    tx.insert('review', { id, case_id: image.case_id, segmentation_id: first, account_id: account, decision, reason: null, difficulty: null, comment: '', seconds: 1, annotation_id: annotation, dice_to_fused: null, hd95_to_fused: null, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: `review.${decision}`, subject: 'review', id })
  })
  write((tx) => {
    tx.insert('annotation', { id: 'correction', ...image, frame: 0, task_id: null, account_id: account, purpose: 'correction', version: 1, document: '{}', mask, area_px: 5, active_seconds: 3, tools: '{}', app_version: 'test', derived_from: null, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'annotation.save', subject: 'annotation', id: 'correction' })
  })
  review('corrected', 'correction')
  // Not classified yet: no value stands, least of all that of the mask that was found wrong; readers would see the corrected contour.
  expect(stands()).toEqual({ set: MARK, ids: [], probability: undefined, aid: null })
  expect(modelOutput(secret.study.db.read, image.image_id, MARK).mask).toBe(mask)
  expect(unsignedMasks(secret.study.db.read, MARK, ALL)).toMatchObject([{ segmentation_id: null, annotation_id: 'correction', image_id: image.image_id, mask }])
  const corrected = sign({ annotation: 'correction' }, MARK, 0.2)
  expect(unsignedMasks(secret.study.db.read, MARK, ALL)).toEqual([])
  expect(stands()).toEqual({ set: MARK, ids: [corrected], probability: 0.2, aid: 0.2 })
  const record = imageById(secret.study.db.read, image.image_id)
  if (record === undefined) throw new Error('no image')
  expect(chooseMasks(secret.study, record, 'reviewed')).toMatchObject([{ corrected: true, probability: 0.2 }])
  expect(chooseMasks(secret.study, record, 'fused')).toMatchObject([{ corrected: false, probability: 0.424242 }])
  review('accepted', null)
  expect(stands()).toMatchObject({ set: MARK, probability: 0.424242, aid: 0.424242 })
  expect(chooseMasks(secret.study, record, 'reviewed')).toMatchObject([{ corrected: false, probability: 0.424242 }])
})

test('overlap is with the ground truth as it is now, of the frame that was segmented: in the queue, in analysis and in the exported tables', async () => {
  const dice = async (): Promise<{ queue: number | null | undefined; analysis: number | null | undefined; table: string | undefined }> => {
    const cases = casesForExport(secret.study.db.read), label = cases.find((c) => c.id === image.case_id)?.label
    const { columns, rows } = studyTables(secret.study, cases, []).find((t) => t.name === 'segmentations') ?? { columns: [], rows: [] }
    const at = (name: string): number => columns.findIndex((c) => c.name === name)
    return {
      queue: (await call('review.queue', {})).rows.find((r) => r.caseId === image.case_id)?.dice, analysis: maskFigures(secret.study).find((f) => f.caseId === image.case_id)?.metric.dice,
      table: rows.find((r) => r[0] === label && r[at('stands')] === '1')?.[at('dice')],
    }
  }
  const truth = (id: string, frame: number, pixels: number): void => {
    const mask = secret.study.objects.put(maskToBytes(encodeMask(Uint8Array.from({ length: 48 * 40 }, (_, k) => (k % 48 > 10 && k % 48 < 11 + pixels ? 1 : 0)), { width: 48, height: 40 })))
    write((tx) => {
      tx.insert('annotation', { id, ...image, frame, task_id: null, account_id: secret.accounts['investigator'], purpose: 'consensus', version: 1, document: '{}', mask, area_px: pixels * 40, active_seconds: 0, tools: '{}', app_version: 'test', derived_from: null, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'annotation.save', subject: 'annotation', id })
    })
  }
  expect(await dice()).toEqual({ queue: 1, analysis: 1, table: '1' })
  truth('later', 0, 1)
  // 19 columns of the mask against 1 of the later truth.
  expect(await dice()).toEqual({ queue: 0.1, analysis: 0.1, table: '0.1' })
  truth('of another frame', 3, 19)
  expect(await dice()).toEqual({ queue: null, analysis: undefined, table: '' })
})

test('an investigator chooses the sets with a reason; nobody else may, an unknown one is refused with those that there are', async () => {
  expect((await call('study.modelSets', {})).signature.map((s) => s.name)).toEqual(expect.arrayContaining(['demo', 'malignancy']))
  await expect(call('study.setModels', { signature: 'unheard', reason: 'try' })).rejects.toThrow(/invalid_input: there is no signature set unheard; there are .*demo/)
  await expect(call('study.setModels', { signature: 'demo', reason: 'the same' })).rejects.toThrow(/conflict/)
  expect(await call('study.setModels', { signature: 'malignancy', reason: 'the question changed' })).toEqual({ segmentation: 'segmentation', signature: 'malignancy' })
  expect(secret.study.signatureSet).toBe('malignancy')
  expect((await call('study.summary', {})).signatureSet).toBe('malignancy')
  expect(secret.study.db.read.get('SELECT actor, old, new, reason FROM audit WHERE action = ?', 'study.setModels')).toEqual({ actor: 'investigator', old: 'segmentation, demo', new: 'segmentation, malignancy', reason: 'the question changed' })
  const reader = secret.app.context({})
  await secret.app.call(reader, 'session.signIn', { login: 'reader', password: PASSWORD })
  expect(await secret.app.call(reader, 'study.setModels', { signature: 'demo', reason: 'no' })).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  // From the command line, on the same study.
  const used = await sln(['models', 'use', '--study', secret.study.directory, '--signature', 'demo', '--reason', 'back', '--json'], { home: home.path })
  expect(JSON.parse(used.stdout)).toEqual({ segmentation: 'segmentation', signature: 'demo' })
  expect(secret.study.signatureSet).toBe('demo')
  expect((await sln(['models', 'use', '--study', secret.study.directory, '--reason', 'nothing'], { home: home.path })).code).toBe(2)
})
