import type { MaskFormat } from '#shared/contract/index.ts'

export const FORMAT_WORDS: Readonly<Record<MaskFormat, { readonly label: string; readonly hint: string }>> = {
  png: { label: 'PNG masks', hint: '0 and 255' }, nifti: { label: 'NIfTI (.nii.gz)', hint: 'ITK-SNAP' }, nrrd: { label: 'Segmentation (.seg.nrrd)', hint: '3D Slicer' }, coco: { label: 'COCO JSON', hint: 'one file' }, labelme: { label: 'labelme JSON', hint: 'a file a picture' }, dicom: { label: 'DICOM SEG (.dcm)', hint: 'names its picture' },
}

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {})
const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

export function exportSentence(result: unknown): string | null {
  const r = record(result)
  return typeof r['masks'] === 'number' && typeof r['to'] === 'string' ? `${count(r['masks'], 'mask', 'masks')}${typeof r['images'] === 'number' && r['images'] > 0 ? ` and ${count(r['images'], 'picture', 'pictures')}` : ''} written to ${r['to']}.` : null
}

export interface ImportSummary { readonly sentence: string; readonly refused: readonly { readonly file: string; readonly reason: string }[] }
export function importReport(result: unknown): ImportSummary | null {
  const r = record(result)
  if (typeof r['imported'] !== 'number' || typeof r['unchanged'] !== 'number' || !Array.isArray(r['refused'])) return null
  const refused = r['refused'] as ImportSummary['refused']
  return { refused, sentence: `${count(r['imported'], 'mask', 'masks')} imported, ${r['unchanged']} there already, ${refused.length} refused.` }
}
