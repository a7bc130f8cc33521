import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { createDicomReader, type DicomReader } from '#main/formats/dicom/worker/createDicomReader.ts'
import { createFrameCache } from '#main/formats/dicom/worker/frameCache.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'

const folder = mkdtempSync(join(tmpdir(), 'dicom-reader-'))
const cine = join(folder, 'cine.dcm')
let reader: DicomReader

beforeAll(async () => {
  const frames = await Promise.all([0, 1, 2].map((i) => encodeFrame('jpegLs', pattern(32, 24, 1, i), { columns: 32, rows: 24, samples: 1 })))
  writeFileSync(cine, usFile({ columns: 32, rows: 24, frames: 3, pixels: { frames: frames.map((f) => [f]) }, transferSyntax: '1.2.840.10008.1.2.4.80' }))
  reader = createDicomReader()
})
afterAll(async () => {
  await reader.close()
  rmSync(folder, { recursive: true })
})

test('reads headers and frames in its thread', async () => {
  expect(unwrap(await reader.inspect(cine))).toMatchObject({ frames: 3, columns: 32, rows: 24 })
  expect(Buffer.from(unwrap(await reader.frame(cine, 2)).data)).toEqual(Buffer.from(pattern(32, 24, 1, 2)))
})

test('admits a file: header without the person, a plan for its text, its source under new UIDs', async () => {
  const admitted = unwrap(await reader.admit(cine, { secret: Buffer.alloc(32, 3), subject: 'SLN-7' }))
  expect(admitted.header['00100010']).toEqual(['PN', 'SLN-7'])
  expect(admitted.redaction.needsReview).toBe(true)
  expect(admitted.preview.find((p) => p.tag === '00080018')?.fate).toBe('replaced')
  expect(admitted.source).toMatchObject({ frames: 3, rows: 24, columns: 32 })
  expect(JSON.stringify([admitted.header, admitted.source, admitted.preview])).not.toMatch(/PLANTED|Nora|1\.2\.826/)
  expect(admitted.original.sopInstanceUid).toMatch(/^1\.2\.826/)
})

test('answers many requests at once, each its own', async () => {
  const frames = await Promise.all([0, 1, 2, 1, 0].map((i) => reader.frame(cine, i)))
  frames.forEach((frame, k) => expect(unwrap(frame).data[5]).toBe(pattern(32, 24, 1, [0, 1, 2, 1, 0][k])[5]))
})

test('refuses by name, and reads on', async () => {
  const absent = await reader.inspect(join(folder, 'absent.dcm'))
  expect(absent).toMatchObject({ ok: false, error: { code: 'unreadable' } })
  expect(await reader.inspect(folder)).toMatchObject({ ok: false, error: { code: 'unreadable' } })
  expect(await reader.frame(cine, 3)).toMatchObject({ ok: false, error: { code: 'no_such_frame' } })
  expect((await reader.frame(cine, 0)).ok).toBe(true)
})

test('a file that takes too long is given up, the next one is read', async () => {
  const hasty = createDicomReader({ timeoutMs: 1 })
  expect(await hasty.inspect(cine)).toMatchObject({ ok: false, error: { code: 'timeout' } })
  await hasty.close()
})

test('a file that swells past its memory is refused, and the reader lives on', async () => {
  const tight = createDicomReader({ heapMiB: 24, timeoutMs: 20_000 })
  // Elements cost the parser an object each: 40 MiB of empty ones are millions.
  const header = usFile({ pixels: pattern(16, 16, 1) })
  const start = 132 + 12 + header.readUInt32LE(140)
  const elements = Buffer.alloc(40 * 1024 * 1024)
  for (let i = 0; i * 8 < elements.length; i++) {
    elements.writeUInt16LE(0x1001 + (i >>> 16) * 2, i * 8)
    elements.writeUInt16LE(i & 0xffff, i * 8 + 2)
    elements.write('LO', i * 8 + 4, 'latin1')
  }
  const swollen = join(folder, 'swollen.dcm')
  writeFileSync(swollen, Buffer.concat([header.subarray(0, start), elements]))
  const answer = await tight.inspect(swollen)
  expect(answer.ok).toBe(false)
  expect((await tight.inspect(cine)).ok).toBe(true)
  await tight.close()
})

test('closing settles what waits', async () => {
  const other = createDicomReader()
  const waiting = other.frame(cine, 0)
  await other.close()
  expect((await waiting).ok).toBe(false)
})

test('the cache forgets the oldest frames first', () => {
  const cache = createFrameCache(250)
  const frame = { width: 10, height: 10, channels: 1 as const, data: new Uint8Array(100), warnings: [] }
  cache.put('a', frame)
  cache.put('b', frame)
  cache.get('a')
  cache.put('c', frame)
  expect([cache.get('a') !== undefined, cache.get('b') !== undefined, cache.get('c') !== undefined, cache.bytes]).toEqual([true, false, true, 200])
})
