import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalJson, createIds, quietLogger, sha256, systemClock } from '#main/platform/index.ts'
import { caseModelRows } from '#main/database/queries/inference.ts'
import { insertCombined, newestCombined } from '#main/database/queries/combined.ts'
import { takeModelSets } from '#main/database/queries/modelSets.ts'
import { adoptCombined, MADE_IN_STUDY, readShipped } from '#main/services/inference/adoptCombined.ts'
import { storeSignatures } from '#main/services/inference/batch.ts'
import { frozenModel, riskOf, withheldModel } from '#main/services/inference/risk.ts'
import { openStudy } from '#main/services/study/studies.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { freezeModel, logisticRegression, predictCombined } from '#shared/statistics/regression/index.ts'
import { chooseThreshold } from '#shared/statistics/classification/index.ts'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { plantSegmentation } from '#test/support/plantedReadings.ts'
import { demoHome } from '#test/support/studies.ts'

let home: Awaited<ReturnType<typeof demoHome>>
let study: OpenStudy
let models: string
const world = { clock: systemClock, ids: createIds(systemClock), logger: quietLogger, version: 'test', emit: () => undefined }
const network = { name: 'resnet101', file: '', sha256: sha256('the network') }
const set = { networks: [network], signature: { ...network, id: 'x', role: 'classification' as const, set: 'demo' }, key: 'signature-set-key' }

/** A model fitted here on made rows, as `scripts/fit-combined.mjs` writes it. */
function document(over: object = {}): Record<string, unknown> {
  const random = createRandom('combined')
  const rows = Array.from({ length: 120 }, () => {
    const sln = random.next() < 0.5 ? 1 : 0
    return { sln, her2: random.next() < 0.3 + 0.2 * sln ? 'positive' : 'negative', dl_signature: 1 / (1 + Math.exp(-(sln * 2 - 1 + random.normal()))) }
  })
  const fit = unwrap(logisticRegression(rows, { outcome: 'sln', terms: [{ kind: 'factor', name: 'her2', levels: ['negative', 'positive'] }, { kind: 'numeric', name: 'dl_signature' }] }))
  const threshold = unwrap(chooseThreshold({ cohort: 'made', outcome: rows.map((r) => r.sln), score: fit.fitted }))
  return { ...unwrap(freezeModel(fit, { positiveClass: 'SLN metastasis', cohort: 'made', threshold })), name: 'demo combined', synthetic: true, signature: { set: 'demo', name: 'resnet101', sha256: network.sha256 }, ...over }
}
const ship = (text: string): void => writeFileSync(join(models, 'combined', 'demo.json'), text)
const adopt = (): string | null => adoptCombined({ study, world, actor: 'investigator', directory: models }, set)

beforeAll(async () => {
  home = await demoHome({ cases: 12 })
  study = openStudy(world, { id: 'ws', name: 'ws' }, home.study)
  models = mkdtempSync(join(tmpdir(), 'sln-models-'))
  mkdirSync(join(models, 'combined'))
})
afterAll(() => {
  study?.db.close()
  home?.remove()
  if (models !== undefined) rmSync(models, { recursive: true, force: true })
})

test('without signatures nothing is adopted, however fitting the model', () => {
  ship(JSON.stringify(document()))
  expect(adopt()).toBeNull()
})

test('a model of another network, another outcome or simulated outcomes for a real study is refused; so is a broken file', async () => {
  for (const [i, row] of caseModelRows(study.db.read).slice(0, 5).entries()) {
    const segmentationId = study.db.write('test', (tx) => plantSegmentation(tx, row, { id: `planted-${i}` }))
    await storeSignatures({ study, world, actor: 'investigator' }, { caseId: row.case_id, imageId: row.image_id, segmentationId, annotationId: null, kind: 'automatic' }, {
      box: { x: 1, y: 1, width: 9, height: 9 }, results: [{ provider: 'cpu', providerNote: '', fallback: null, name: 'resnet101', probability: 0.3 + 0.1 * (row.outcome ?? 0), cam: { width: 2, height: 2, values: Float32Array.of(0, 1, 2, 3) } }],
    }, set)
  }
  ship(JSON.stringify(document({ signature: { set: 'demo', name: 'resnet101', sha256: sha256('another') } })))
  expect(adopt()).toBeNull()
  ship(JSON.stringify(document({ outcome: 'malignant' })))
  expect(adopt()).toBeNull()
  ship('{ "format": "sln-combined-model"')
  expect(adopt()).toBeNull()
  expect(readShipped(models, 'demo')).toMatch(/not JSON/)
  ship(JSON.stringify({ ...document(), covariance: [[1]] }))
  expect(readShipped(models, 'demo')).toMatch(/covariance/)
  ship(JSON.stringify(document()))
  expect(adoptCombined({ study: { ...study, synthetic: false }, world, actor: 'investigator', directory: models }, set)).toBeNull()
  expect(newestCombined(study.db.read)).toBeUndefined()
})

test('a fitting model is adopted once, audited, and gives the very risk of its document', async () => {
  expect(adopt()).toBe('demo combined')
  expect(adopt()).toBeNull()
  const frozen = frozenModel(study)
  expect(frozen?.name).toBe('demo combined v1')
  const entry = study.db.read.get<{ actor: string; reason: string; new: string }>("SELECT actor, reason, new FROM audit WHERE action = 'combined.freeze'")
  expect(entry?.actor).toBe('investigator')
  expect(entry?.reason).toContain('threshold chosen on made')
  expect(entry?.new).toBe(frozen?.sha256)
  const shipped = readShipped(models, 'demo')
  if (shipped === null || typeof shipped === 'string') throw new Error('the model was not read')
  const [row] = caseModelRows(study.db.read)
  const her2 = (JSON.parse(row?.variables ?? '{}') as Record<string, string>)['her2'] ?? null
  const expected = predictCombined(shipped, { her2, dl_signature: 0.4 })
  expect(riskOf(study).of(row?.case_id ?? '', 0.4)).toBe(expected.ok ? expected.value.probability : null)
  const report = await verifyStudy(home.study)
  expect(report.faults).toEqual([])
})

test('a shipped model of former networks gives way to the shipped one of the present networks, and gives no risk before', async () => {
  const later = { name: 'resnet101', file: '', sha256: sha256('a later network') }, laterSet = { networks: [later], signature: { ...later, id: 'x', role: 'classification' as const, set: 'demo' }, key: 'later-key' }
  const [row] = caseModelRows(study.db.read)
  if (row === undefined) throw new Error('no case')
  await storeSignatures({ study, world, actor: 'investigator' }, { caseId: row.case_id, imageId: row.image_id, segmentationId: row.segmentation_id, annotationId: null, kind: 'automatic' }, {
    box: { x: 1, y: 1, width: 9, height: 9 }, results: [{ provider: 'cpu', providerNote: '', fallback: null, name: 'resnet101', probability: 0.9, cam: { width: 2, height: 2, values: Float32Array.of(0, 1, 2, 3) } }],
  }, laterSet)
  study.db.write('investigator', (tx) => takeModelSets(tx, { segmentation: 'test', signature: 'later-key' }))
  expect(frozenModel(study)?.withheld).toMatch(/another network than the one in use \(DL signature, now ResNet101\)/)
  expect(riskOf(study).of(row.case_id, 0.9)).toBeNull()
  expect(withheldModel(study)).toMatch(/^demo combined v1 gives no risk: /)
  const adoptLater = (): string | null => adoptCombined({ study, world, actor: 'investigator', directory: models }, laterSet)
  expect(adoptLater()).toBeNull()
  ship(JSON.stringify(document({ signature: { set: 'demo', name: 'resnet101', sha256: later.sha256 } })))
  expect(adoptLater()).toBe('demo combined')
  expect(frozenModel(study)).toMatchObject({ name: 'demo combined v2', withheld: null })
  expect(riskOf(study).of(row.case_id, 0.9)).not.toBeNull()
  // Back to the former networks: the present model is silent, and one that was frozen in the study is never replaced.
  study.db.write('investigator', (tx) => takeModelSets(tx, { segmentation: 'test', signature: set.key }))
  expect(frozenModel(study)?.withheld).not.toBeNull()
  const own = canonicalJson({ ...document({ signature: { set: 'demo', name: 'resnet101', sha256: later.sha256 } }), provenance: { made: `${MADE_IN_STUDY} test` } })
  study.db.write('investigator', (tx) => insertCombined(tx, { id: 'own', name: 'own', version: 1, document: own, sha256: sha256(own) }, 'frozen here'))
  ship(JSON.stringify(document()))
  expect(adopt()).toBeNull()
})
