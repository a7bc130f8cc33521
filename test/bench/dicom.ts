// node test/bench/dicom.ts [FILES] : the first frame of a cine from disk, and importing many files, both beside dcmtk in the same run.
import { runDicomBench } from '#test/support/dicomBench.ts'

const asked = Number(process.argv[2] ?? 1000)
const files = Number.isSafeInteger(asked) && asked > 0 ? asked : 1000
const { firstFrame, onScreen, perFile } = await runDicomBench({ files })
const ms = (value: number): string => `${value.toFixed(1)} ms`
const ratio = perFile.dcmtk === null ? null : perFile.dcmtk / perFile.here
const lines = [
  'First frame of a 500-frame 640 x 480 cine, from disk, its header read anew (aim: under 150 ms)',
  `  JPEG, reader running    ${ms(firstFrame.compressed)}`,
  `  uncompressed, running   ${ms(firstFrame.uncompressed)}`,
  `  JPEG, reader starting   ${ms(firstFrame.coldCompressed)}`,
  firstFrame.dcmtk === null ? '  dcmtk                   not installed (Debian: dcmtk)' : `  dcmj2pnm, same frame    ${ms(firstFrame.dcmtk)} (ratio ${(firstFrame.dcmtk / firstFrame.compressed).toFixed(2)})`,
  'The same cine in a study: from the click on its row to its first frame on the screen, Chromium, software drawing (aim: under 150 ms)',
  `  first look              ${ms(onScreen.first)}`,
  `  further looks           ${ms(onScreen.again)} (another case and two other pictures before each)`,
  `  fetched and drawn bare  ${ms(onScreen.bare)} (ratio ${(onScreen.again / onScreen.bare).toFixed(2)})`,
  `${perFile.files} single-frame files imported into a study: read, de-identified, decoded, masked, stored, logged`,
  `  here                    ${ms(perFile.here)} a file`,
  perFile.dcmtk === null ? '  dcmtk                   not installed, so there is no ratio' : `  dcmdump + dcmj2pnm      ${ms(perFile.dcmtk)} a file (${perFile.dcmtkFiles} of them)`,
  ...(ratio === null ? [] : [`  speed against dcmtk     ${ratio.toFixed(2)} (must be at least 0.5)`]),
]
process.stdout.write(`${lines.join('\n')}\n`)
if (ratio !== null && ratio < 0.5) process.exitCode = 1
