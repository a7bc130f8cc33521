import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwrap } from '#shared/lib/index.ts'
import { createDicomReader } from '#main/formats/dicom/index.ts'
import { encodeFrame } from './dicomCodecs.ts'
import { pattern, usFile } from './dicomFiles.ts'

export interface DicomBench {
  /** Milliseconds from the request to the first frame of a 500-frame cine on disk: with the reader's thread running, and starting it. */
  readonly firstFrame: { readonly compressed: number; readonly uncompressed: number; readonly coldCompressed: number }
  /** Milliseconds a file: header read and de-identified and the frame decoded here; dcmdump and dcmj2pnm on the same file (null: not installed). */
  readonly perFile: { readonly files: number; readonly here: number; readonly dcmtk: number | null }
}

const width = 640, height = 480
const timed = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Measures reading from disk beside dcmtk in the same run. */
export async function runDicomBench({ files = 100 } = {}): Promise<DicomBench> {
  const folder = mkdtempSync(join(tmpdir(), 'dicom-bench-'))
  const at = (name: string): string => join(folder, name)
  const jpeg = { columns: width, rows: height, samples: 3, photometric: 'YBR_FULL_422', transferSyntax: '1.2.840.10008.1.2.4.50' } as const
  const streams = await Promise.all([0, 1, 2, 3].map((i) => encodeFrame('jpegBaseline', pattern(width, height, 3, i), { columns: width, rows: height, samples: 3 })))
  const stream = (i: number): Uint8Array => streams[i % 4] as Uint8Array
  writeFileSync(at('compressed.dcm'), usFile({ ...jpeg, frames: 500, pixels: { frames: Array.from({ length: 500 }, (_, i) => [stream(i)]) } }))
  const grey = [0, 1, 2, 3].map((i) => pattern(width, height, 1, i))
  writeFileSync(at('uncompressed.dcm'), usFile({ columns: width, rows: height, frames: 500, pixels: Buffer.concat(Array.from({ length: 500 }, (_, i) => grey[i % 4] as Uint8Array)) }))
  for (let i = 0; i < files; i++) writeFileSync(at(`${i}.dcm`), usFile({ ...jpeg, pixels: { frames: [[stream(i)]] } }))

  const reader = createDicomReader()
  try {
    const coldCompressed = await timed(async () => unwrap(await reader.frame(at('compressed.dcm'), 0)))
    const admitOne = async (i: number): Promise<void> => {
      unwrap(await reader.admit(at(`${i}.dcm`), { secret: Buffer.alloc(32, 1), subject: 'S' }))
      unwrap(await reader.frame(at(`${i}.dcm`), 0))
    }
    await admitOne(0)
    const here = (await timed(async () => { for (let i = 0; i < files; i++) await admitOne(i) })) / files
    // The small files have pushed the cines out of the reader's open files: they are opened anew.
    const compressed = await timed(async () => unwrap(await reader.frame(at('compressed.dcm'), 1)))
    const uncompressed = await timed(async () => unwrap(await reader.frame(at('uncompressed.dcm'), 0)))
    const installed = spawnSync('dcmj2pnm', ['--version']).status === 0
    const dcmtk = installed ? (await timed(() => {
      for (let i = 0; i < files; i++) {
        spawnSync('dcmdump', [at(`${i}.dcm`)])
        spawnSync('dcmj2pnm', ['+op', at(`${i}.dcm`), at('out.pnm')])
      }
    })) / files : null
    return { firstFrame: { compressed, uncompressed, coldCompressed }, perFile: { files, here, dcmtk } }
  } finally {
    await reader.close()
    rmSync(folder, { recursive: true })
  }
}
