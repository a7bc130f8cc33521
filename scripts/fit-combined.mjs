// Fits the combined model of a signature set on synthetic cases that no shipped network was trained on, and freezes it as models/combined/SET.json.
//   node scripts/fit-combined.mjs [--cases 600] [--seed 9001] [--set demo] [--cache FILE] [--out FILE] [--test N]
// Each case goes the whole way through the shipped graphs: phantom, segmentation, fusion, crop, classification. --cache keeps the rows of a run (JSON lines), so that a stopped run goes on.
// --test N measures the frozen model, threshold carried, on N cases of the other synthetic hospital.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { encodePng } from '../src/main/formats/images/index.ts'
import { createEngine } from '../src/main/runtime/inference/engine.ts'
import { readRegistry } from '../src/main/runtime/models/registry.ts'
import { CLINICAL_VARIABLES, SHIPPED_SEGMENTATION } from '../src/shared/domain/index.ts'
import { manifestRow, planDemoStudy, renderPhantom } from '../src/shared/phantom/index.ts'
import { chooseThreshold, metricsAtThreshold } from '../src/shared/statistics/classification/index.ts'
import { deLong } from '../src/shared/statistics/roc/index.ts'
import { freezeModel, logisticRegression, predictCombined, prepareData, stepwiseAic, varianceInflation } from '../src/shared/statistics/regression/index.ts'

const models = join(dirname(fileURLToPath(import.meta.url)), '..', 'models')
const { values } = parseArgs({
  options: { cases: { type: 'string', default: '600' }, seed: { type: 'string', default: '9001' }, set: { type: 'string', default: 'demo' }, cache: { type: 'string' }, out: { type: 'string' }, test: { type: 'string', default: '0' } },
})
const say = (text) => process.stderr.write(`${text}\n`)
const need = (result) => {
  if (result.ok) return result.value
  throw new Error(result.error.message)
}

const registry = readRegistry(models)
const segmentation = registry.segmentationSet(SHIPPED_SEGMENTATION)
const signature = registry.signatureSet(values.set)
if (signature === null) {
  say(`fit-combined: there is no signature set ${values.set} in ${models}`)
  process.exit(1)
}
const engine = createEngine()
const modelKey = `${segmentation.key} ${signature.key}`

/** The row of one case: clinical factors as the manifest has them and the DL signature; null where no lesion is found. */
async function rowOf(plan) {
  const picture = renderPhantom(plan, 0)
  const image = await encodePng({ width: picture.width, height: picture.height, channels: picture.channels, data: picture.pixels }, 1)
  const segmented = await engine.handle({ kind: 'segment', image, networks: segmentation.networks, fusion: segmentation.fusion, provider: 'cpu' })
  const fused = segmented.maps.find((m) => m.model === 'fusion')
  const written = manifestRow(plan, 0, null)
  const clinical = Object.fromEntries(CLINICAL_VARIABLES.map((v) => [v.name, written[v.name] === '' ? null : v.kind === 'number' ? Number(written[v.name]) : written[v.name]]))
  if (fused.areaPx === 0) return { case: plan.caseId, sln: plan.sln, ...clinical, dl_signature: null }
  const { results } = await engine.handle({ kind: 'classify', image, mask: fused.mask, networks: signature.networks.filter((n) => n.name === signature.signature.name), provider: 'cpu' })
  return { case: plan.caseId, sln: plan.sln, ...clinical, dl_signature: results[0].probability }
}

/** Rows of a cohort, from the cache where it has them. */
async function rowsOf(plans, name) {
  const cache = values.cache === undefined ? null : `${values.cache}.${name}`
  const key = (plan) => `${modelKey} ${plan.caseId} ${plan.seed}`
  const known = new Map(cache !== null && existsSync(cache) ? readFileSync(cache, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).map((r) => [r.key, r.row]) : [])
  const rows = []
  const started = Date.now()
  for (const [i, plan] of plans.entries()) {
    let row = known.get(key(plan))
    if (row === undefined) {
      row = await rowOf(plan)
      if (cache !== null) appendFileSync(cache, `${JSON.stringify({ key: key(plan), row })}\n`)
    }
    rows.push(row)
    if ((i + 1) % 50 === 0) say(`${name}: ${i + 1} of ${plans.length} cases, ${((Date.now() - started) / 1000).toFixed(0)} s`)
  }
  return rows
}

const term = (name) => {
  const variable = CLINICAL_VARIABLES.find((v) => v.name === name)
  if (variable === undefined) return { kind: 'numeric', name }
  return variable.kind === 'number' ? { kind: 'numeric', name, unit: variable.unit } : { kind: 'factor', name, levels: variable.levels }
}

/** As the study did: histologic type, HER2 and the DL signature belong to the model; the other factors stay only where backward AIC keeps them. */
const FORCED = ['histologic_type', 'her2', 'dl_signature']

function fit(rows, cohort) {
  const all = [...CLINICAL_VARIABLES.map((v) => v.name), 'dl_signature']
  const data = need(prepareData(rows, { outcome: 'sln', terms: all.map(term) }))
  const selection = stepwiseAic(data, { direction: 'backward', start: all, scope: all.filter((n) => !FORCED.includes(n)) })
  const kept = all.filter((n) => selection.selected.includes(n))
  const model = need(logisticRegression(rows, { outcome: 'sln', terms: kept.map(term) }))
  const usable = rows.filter((r) => kept.every((n) => r[n] !== null))
  const plain = need(freezeModel(model, { positiveClass: 'SLN metastasis (simulated)', cohort }))
  const risks = usable.map((r) => need(predictCombined(plain, r)).probability)
  const threshold = need(chooseThreshold({ cohort, outcome: usable.map((r) => r.sln), score: risks }))
  return { frozen: need(freezeModel(model, { positiveClass: 'SLN metastasis (simulated)', cohort, threshold })), selection, model, vif: need(varianceInflation(model)), usable, risks, threshold }
}

const included = (hospitalB, cases, seed) => planDemoStudy({ cases, seed, externalShare: hospitalB ? 1 : 0 }).cases.filter((c) => c.excludedReason === null)
const cohort = `synthetic cases, hospital A, seed ${values.seed}`
const rows = await rowsOf(included(false, Number(values.cases), values.seed), 'fit')
const empty = rows.filter((r) => r.dl_signature === null).length
const { frozen, selection, model, vif, usable, risks, threshold } = fit(rows, cohort)
const apparent = need(deLong(usable.map((r) => r.sln), risks))
const figures = { auc: apparent.auc, note: 'resubstitution: the rows the model was fitted on' }

const document = {
  ...frozen,
  name: `${values.set} combined`, synthetic: true,
  signature: { set: values.set, name: signature.signature.name, sha256: signature.signature.sha256 },
  provenance: {
    made: `node scripts/fit-combined.mjs --cases ${values.cases} --seed ${values.seed} --set ${values.set}${values.test === '0' ? '' : ` --test ${values.test}`}`, cases: rows.length, withoutLesion: empty, used: model.n,
    segmentation: segmentation.networks.map((n) => n.sha256).concat(segmentation.fusion.sha256), selection: selection.path.map((s) => ({ ...(s.removed === undefined ? {} : { removed: s.removed }), aic: s.aic })), vif: vif.map((v) => ({ term: v.term, adjusted: v.adjusted })), apparent: figures,
    notice: 'The outcome is simulated by the phantom generator; the model stands for no clinical finding.',
  },
}
say(`${rows.length} cases, ${empty} without a lesion found, ${model.n} used, ${model.events} positive`)
for (const c of model.coefficients) say(`  ${c.column.name.padEnd(34)} ${c.estimate.toFixed(3)} (SE ${c.standardError.toFixed(3)})`)
say(`selection: ${selection.path.map((s) => `${s.removed ?? 'all'} ${s.aic.toFixed(2)}`).join(' > ')}`)
say(`AUC ${apparent.auc.toFixed(3)} (resubstitution); threshold ${threshold.value.toFixed(4)} by Youden on ${cohort}`)

if (Number(values.test) > 0) {
  const test = (await rowsOf(included(true, Number(values.test), `${values.seed}-external`), 'test')).filter((r) => frozen.terms.every((t) => r[t.name] !== null))
  const outcome = test.map((r) => r.sln), score = test.map((r) => need(predictCombined(frozen, r)).probability)
  const at = need(metricsAtThreshold(threshold, { cohort: 'hospital B', outcome, score })).metrics
  const auc = need(deLong(outcome, score)), dl = need(deLong(outcome, test.map((r) => r.dl_signature)))
  document.provenance.external = { cohort: `synthetic cases, hospital B, seed ${values.seed}-external`, n: test.length, auc: auc.auc, dlSignatureAuc: dl.auc, sensitivity: at.sensitivity.estimate, specificity: at.specificity.estimate }
  say(`hospital B, n = ${test.length}: AUC ${auc.auc.toFixed(3)}, DL signature alone ${dl.auc.toFixed(3)}`)
}
/** The card beside the file: figures from this run, nothing typed by hand. */
function card() {
  const number = (v) => v.toFixed(3)
  const rows = model.coefficients.map((c) => `| ${c.column.name} | ${number(c.estimate)} | ${number(c.standardError)} | ${number(c.oddsRatio)} [${number(c.interval.lower)}, ${number(c.interval.upper)}] |`)
  const e = document.provenance.external
  return `# ${document.name}
Risk of the SIMULATED sentinel-lymph-node outcome of the synthetic demo study, from clinical factors and the DL signature of the set \`${values.set}\` (${signature.signature.name}). ${document.provenance.notice}
Research use only, not a medical device.

## Fitted on
${document.provenance.cases} synthetic cases of hospital A (seed ${values.seed}) that no network was trained on, each through the shipped graphs; ${document.provenance.withoutLesion} without a lesion found, ${model.n} complete rows used, ${model.events} positive.
${model.method}. Histologic type, HER2 and the DL signature belong to the model; the other factors stayed where backward AIC kept them: ${selection.path.map((s) => `${s.removed === undefined ? 'all' : `without ${s.removed}`} ${s.aic.toFixed(2)}`).join(', ')}.

| coefficient | estimate | SE | odds ratio [95 % Wald] |
|---|---|---|---|
${rows.join('\n')}

Adjusted generalised variance inflation: ${vif.map((v) => `${v.term} ${v.adjusted.toFixed(2)}`).join(', ')}.

## Threshold
${threshold.value.toFixed(4)}, ${threshold.rule}; chosen on ${threshold.chosenOn} (n = ${threshold.chosenOnCases}) and carried to every other cohort.

## Measured
AUC ${number(apparent.auc)} on the rows it was fitted on (resubstitution: optimistic).
${e === undefined ? '' : `On ${e.n} complete cases of ${e.cohort}, threshold carried: AUC ${number(e.auc)} (DL signature alone ${number(e.dlSignatureAuc)}), sensitivity ${number(e.sensitivity)}, specificity ${number(e.specificity)}.`}

## Reproduce
\`${document.provenance.made}\`
`
}

const out = values.out ?? join(models, 'combined', `${values.set}.json`)
mkdirSync(dirname(out), { recursive: true })
writeFileSync(out, `${JSON.stringify(document, null, 1)}\n`)
writeFileSync(out.replace(/\.json$/, '.card.md'), card())
say(`written ${out} and its card`)
