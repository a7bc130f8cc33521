// Writes the synthetic demo study as PNG images, masks and an import manifest.
//   node scripts/phantoms.mjs --out DIR [--cases N] [--seed S] [--external-share F] [--cohort C] [--outcome-only]
// --outcome-only writes the manifest alone; --cohort keeps the cases of one cohort; --external-share 1 makes every case an external one.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'csv-stringify/sync'
import sharp from 'sharp'
import { imageFileName, imagesOf, manifestColumns, manifestRow, planDemoStudy, renderPhantom } from '../src/shared/phantom/index.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    cases: { type: 'string', default: '180' },
    seed: { type: 'string', default: '1' },
    'external-share': { type: 'string' },
    cohort: { type: 'string' },
    'outcome-only': { type: 'boolean', default: false },
  },
})
if (values.out === undefined) {
  process.stderr.write('phantoms: --out DIR is needed\n')
  process.exit(2)
}

const share = values['external-share']
const plan = planDemoStudy({ cases: Number(values.cases), seed: values.seed, ...(share === undefined ? {} : { externalShare: Number(share) }) })
const images = imagesOf(plan).filter((i) => values.cohort === undefined || i.plan.cohort === values.cohort)
const folder = values.out
for (const name of ['images', 'masks']) mkdirSync(join(folder, name), { recursive: true })

const png = (data, width, height, channels) =>
  sharp(data, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb').png({ compressionLevel: 3, adaptiveFiltering: false })

async function writeImage({ plan: casePlan, imageIndex }) {
  const image = renderPhantom(casePlan, imageIndex), file = imageFileName(casePlan, imageIndex)
  const writes = [png(image.pixels, image.width, image.height, image.channels).toFile(join(folder, 'images', file))]
  if (casePlan.excludedReason === null) writes.push(png(image.mask, image.width, image.height, 1).toFile(join(folder, 'masks', file)))
  await Promise.all(writes)
  return image.mmPerPx.x
}

const rows = []
let pending = Promise.resolve()
const started = Date.now()
for (const [index, image] of images.entries()) {
  if (values['outcome-only']) {
    rows.push(manifestRow(image.plan, image.imageIndex, null))
    continue
  }
  // The next image is rendered while the previous one is compressed on another thread.
  const write = writeImage(image)
  await pending
  pending = write.then((mmPerPx) => rows.push(manifestRow(image.plan, image.imageIndex, mmPerPx)))
  if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${images.length} images`)
}
await pending
writeFileSync(join(folder, 'manifest.csv'), stringify(rows, { header: true, columns: [...manifestColumns] }))
process.stderr.write(`${images.length} images of ${plan.cases.length} cases in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
