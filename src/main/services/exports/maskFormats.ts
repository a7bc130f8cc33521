import type { ExportMaskFormat } from '#shared/contract/study.ts'
import { writeCocoFile, writeOne } from '../annotations/maskFiles.ts'
import type { OpenStudy } from '../context.ts'
import { loadMask } from '../masks.ts'
import { wholeScale, type ExportPicture } from './collect.ts'

/** The reference masks in further formats, beside the PNG that are always written. The scale is in the file where the whole picture has one, else 1. */
export async function writeMasks(study: OpenStudy, pictures: readonly ExportPicture[], formats: readonly ExportMaskFormat[], write: (path: string, bytes: Uint8Array | string) => Promise<void>): Promise<void> {
  const drawn = pictures.flatMap((p) => (p.mask === null ? [] : [{ picture: p, hash: p.mask }]))
  for (const { picture, hash } of drawn) {
    const about = { picture: `images/${picture.stem}.png`, spacing: wholeScale(picture) ?? { x: 1, y: 1 } }
    if (formats.includes('nifti')) await write(`masks-nifti/${picture.stem}.nii.gz`, await writeOne('nifti', loadMask(study, hash), about))
    if (formats.includes('nrrd')) await write(`masks-nrrd/${picture.stem}.seg.nrrd`, await writeOne('nrrd', loadMask(study, hash), about))
  }
  if (formats.includes('coco') && drawn.length > 0) await write('masks-coco.json', writeCocoFile(drawn.map(({ picture, hash }) => ({ picture: `images/${picture.stem}.png`, category: 'lesion', mask: loadMask(study, hash) }))))
}
