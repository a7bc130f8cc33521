// node test/bench/dicom.ts [FILES] : the first frame of a cine from disk, and reading many files beside dcmtk in the same run.
import { runDicomBench } from '#test/support/dicomBench.ts'

const asked = Number(process.argv[2] ?? 100)
const files = Number.isSafeInteger(asked) && asked > 0 ? asked : 100
const { firstFrame, perFile } = await runDicomBench({ files })
const ms = (value: number): string => `${value.toFixed(1)} ms`
const lines = [
  'First frame of a 500-frame 640 x 480 cine, from disk (aim: under 150 ms)',
  `  JPEG, reader running    ${ms(firstFrame.compressed)}`,
  `  uncompressed, running   ${ms(firstFrame.uncompressed)}`,
  `  JPEG, reader starting   ${ms(firstFrame.coldCompressed)}`,
  `${perFile.files} single-frame files: header read and de-identified, frame decoded`,
  `  here                    ${ms(perFile.here)} a file`,
  perFile.dcmtk === null ? '  dcmtk                   not installed, so there is no ratio' : `  dcmdump + dcmj2pnm      ${ms(perFile.dcmtk)} a file`,
  ...(perFile.dcmtk === null ? [] : [`  speed against dcmtk     ${(perFile.dcmtk / perFile.here).toFixed(2)} (must be at least 0.5)`]),
]
process.stdout.write(`${lines.join('\n')}\n`)
if (perFile.dcmtk !== null && perFile.dcmtk / perFile.here < 0.5) process.exitCode = 1
