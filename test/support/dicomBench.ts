import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwrap } from '#shared/lib/index.ts'
import { createDicomReader } from '#main/formats/dicom/index.ts'
import { importDicomFolder } from '#main/services/cases/importDicom.ts'
import { cineOnScreen } from './cineOnScreen.ts'
import { encodeFrame } from './dicomCodecs.ts'
import { pattern, region, usFile } from './dicomFiles.ts'
import { pacsStudy } from './pacsStudy.ts'

export interface DicomBench {
  /** Milliseconds from the request to the first frame of a 500-frame cine on disk: with the reader's thread running, starting it, and dcmj2pnm on the same file (null: not installed). */
  readonly firstFrame: { readonly compressed: number; readonly uncompressed: number; readonly coldCompressed: number; readonly dcmtk: number | null }
  /** Milliseconds from the click on the imported cine's row to its first frame on the screen: the first look, the median of further ones, and the same picture by itself. */
  readonly onScreen: { readonly first: number; readonly again: number; readonly bare: number }
  /** Milliseconds a file: imported into a study (read, de-identified, decoded, masked, stored, logged); dcmdump and dcmj2pnm on the same file, a program start each (null: not installed). */
  readonly perFile: { readonly files: number; readonly here: number; readonly dcmtk: number | null; readonly dcmtkFiles: number }
}

const width = 640, height = 480
const timed = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
const repeated = async (times: number, work: (i: number) => unknown): Promise<number> => {
  const took: number[] = []
  for (let i = 0; i < times; i++) took.push(await timed(() => work(i)))
  return median(took)
}

/** Measures reading and importing from disk beside dcmtk in the same run. dcmtk is asked for at most 200 of the files: its time a file does not depend on their number. */
export async function runDicomBench({ files = 100 } = {}): Promise<DicomBench> {
  const folder = mkdtempSync(join(tmpdir(), 'dicom-bench-'))
  const many = join(folder, 'many')
  mkdirSync(many)
  const at = (name: string): string => join(folder, name)
  const jpeg = { columns: width, rows: height, samples: 3, photometric: 'YBR_FULL_422', transferSyntax: '1.2.840.10008.1.2.4.50' } as const
  const streams = await Promise.all([0, 1, 2, 3].map((i) => encodeFrame('jpegBaseline', pattern(width, height, 3, i), { columns: width, rows: height, samples: 3 })))
  const stream = (i: number): Uint8Array => streams[i % 4] as Uint8Array
  writeFileSync(at('compressed.dcm'), usFile({ ...jpeg, frames: 500, pixels: { frames: Array.from({ length: 500 }, (_, i) => [stream(i)]) } }))
  const grey = [0, 1, 2, 3].map((i) => pattern(width, height, 1, i))
  writeFileSync(at('uncompressed.dcm'), usFile({ columns: width, rows: height, frames: 500, pixels: Buffer.concat(Array.from({ length: 500 }, (_, i) => grey[i % 4] as Uint8Array)) }))
  const regions = { '00186011': ['SQ', [region({ box: [0, 40, width - 1, height - 1], delta: [0.01, 0.01] })]] } as const
  for (let i = 0; i < files; i++) writeFileSync(join(many, `${i}.dcm`), usFile({ ...jpeg, pixels: { frames: [[stream(i)]] }, extra: { ...regions, '00080018': ['UI', `1.2.826.0.1.3680043.2.1125.5.${i}`], '0020000D': ['UI', `1.2.826.0.1.3680043.2.1125.6.${i}`] } }))

  const installed = spawnSync('dcmj2pnm', ['--version']).status === 0
  const reader = createDicomReader()
  try {
    const coldCompressed = await timed(async () => unwrap(await reader.frame(at('compressed.dcm'), 0)))
    // Each of the others is a file of its own to the reader: other files have pushed it out of those that stay open.
    const others = Array.from({ length: 4 }, (_, i) => join(many, `${Math.min(i, files - 1)}.dcm`))
    const opened = (name: string) => async (i: number): Promise<void> => void unwrap(await reader.frame(at(name), i + 1))
    const push = async (): Promise<void> => { for (const file of others) unwrap(await reader.inspect(file, 'none')) }
    const measure = async (name: string): Promise<number> => {
      const took: number[] = []
      for (let i = 0; i < 5; i++) {
        await push()
        took.push(await timed(() => opened(name)(i)))
      }
      return median(took)
    }
    const compressed = await measure('compressed.dcm'), uncompressed = await measure('uncompressed.dcm')
    const bare = installed ? await repeated(5, () => spawnSync('dcmj2pnm', ['+F', '1', '+op', at('compressed.dcm'), at('out.pnm')])) : null
    const study = await pacsStudy(join(folder, 'home'))
    const here = (await timed(async () => {
      const report = await importDicomFolder(study.study, study.app.house.world, 'bench', many)
      if (report.imported.length !== files) throw new Error(`${report.refused.length} of the files were refused: ${report.refused[0]?.reason ?? ''}`)
    })) / files
    await study.close()
    const onScreen = await cineOnScreen(folder, readFileSync(at('compressed.dcm')), 500)
    const dcmtkFiles = Math.min(files, 200)
    const dcmtk = installed ? (await timed(() => {
      for (let i = 0; i < dcmtkFiles; i++) {
        spawnSync('dcmdump', [join(many, `${i}.dcm`)])
        spawnSync('dcmj2pnm', ['+op', join(many, `${i}.dcm`), at('out.pnm')])
      }
    })) / dcmtkFiles : null
    return { firstFrame: { compressed, uncompressed, coldCompressed, dcmtk: bare }, onScreen, perFile: { files, here, dcmtk, dcmtkFiles } }
  } finally {
    await reader.close()
    rmSync(folder, { recursive: true })
  }
}
