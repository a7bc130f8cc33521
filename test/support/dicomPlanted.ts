import type { Elements } from '#main/formats/dicom/write/elements.ts'
import { pattern, region, usFile } from './dicomFiles.ts'

/** Every identifier that `plantedFile` carries, as it would be found by searching bytes. None may turn up in a study folder. */
export const PLANTED: readonly string[] = [
  'Plantnameson', 'Quirina', 'PLANTID-90210', 'ACC-5577331', 'Plantedhospital', 'Plantstreet', 'Dr-Plantreferrer', 'Plantoperator', 'Plantstation', '19610217', '20190823',
  '1.2.826.0.1.3680043.9.7777', 'SERIAL-PLANT-1', 'Plantprivate', 'Plantcomment', 'Plantdescription', 'plant-original-name', '+49 30 5550199',
]

const LETTERS = 200

/** A three-frame cine of a made-up person: identifiers in standard, nested and private attributes, and white "text" burned in above the ultrasound region. */
export function plantedFile(): Buffer {
  const columns = 48, rows = 40
  const frames = [0, 1, 2].map((i) => {
    const frame = pattern(columns, rows, 1, i)
    for (let y = 1; y < 7; y++) for (let x = 2; x < 40; x += 2) frame[y * columns + x] = LETTERS
    return frame
  })
  const extra: Elements = {
    '00080018': ['UI', '1.2.826.0.1.3680043.9.7777.3'], '0020000D': ['UI', '1.2.826.0.1.3680043.9.7777.1'], '0020000E': ['UI', '1.2.826.0.1.3680043.9.7777.2'],
    '00080020': ['DA', '20190823'], '00080021': ['DA', '20190823'], '00080023': ['DA', '20190823'], '0008002A': ['DT', '20190823101112'], '00080030': ['TM', '101112'],
    '00080050': ['SH', 'ACC-5577331'], '00080080': ['LO', 'Plantedhospital'], '00080081': ['ST', '1 Plantstreet'], '00080090': ['PN', 'Dr-Plantreferrer'],
    '00081010': ['SH', 'Plantstation'], '00081030': ['LO', 'Plantdescription of Quirina'], '0008103E': ['LO', 'Plantdescription'], '00081070': ['PN', 'Plantoperator'],
    '00081090': ['LO', 'Model of Plantedhospital'],
    '00100010': ['PN', 'Plantnameson^Quirina'], '00100020': ['LO', 'PLANTID-90210'], '00100030': ['DA', '19610217'], '00100040': ['CS', 'F'], '00102154': ['SH', '+49 30 5550199'],
    '00104000': ['LT', 'Plantcomment'], '00181000': ['LO', 'SERIAL-PLANT-1'], '00204000': ['LT', 'Plantcomment'], '00181063': ['DS', 40],
    '00090010': ['LO', 'PLANTMAKER'], '00091001': ['LO', 'Plantprivate Plantnameson'],
    '00400275': ['SQ', [{ '00400007': ['LO', 'Plantdescription'], '00321060': ['LO', 'Plantdescription'], '00401001': ['SH', 'plant-original-name'] }]],
    '00081140': ['SQ', [{ '00081150': ['UI', '1.2.840.10008.5.1.4.1.1.6.1'], '00081155': ['UI', '1.2.826.0.1.3680043.9.7777.9'] }]],
    '00186011': ['SQ', [region({ box: [0, 8, 47, 39], delta: [0.02, 0.02] })]],
  }
  return usFile({ columns, rows, frames: 3, pixels: Buffer.concat(frames), extra })
}
