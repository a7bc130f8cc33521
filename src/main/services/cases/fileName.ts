import { createHmac } from 'node:crypto'
import { basename } from 'node:path'

/** The name of a picture without folder, ending, and what other programs add to the names of its masks. */
export const pictureStem = (name: string): string => basename(name).replace(/(\.nii)?(\.gz)?$|\.seg\.nrrd$|\.(png|nii|nrrd|json|jpe?g|tiff?|bmp|dcm)$/i, '').replace(/\.(nii|seg|nrrd|image)$/i, '').replace(/[-_. ]?(mask|seg|segmentation|label)$/i, '')

/**
 * A file's name as the study keeps it: a code by the study's secret, since names of files often hold those of patients. Whoever has masks called like the picture can
 * still find it by them; nobody can read the name out of the study.
 */
export const fileNameCode = (secret: Uint8Array, name: string): string => `file-${createHmac('sha256', secret).update(`file\0${pictureStem(name).toLowerCase()}`).digest('hex').slice(0, 16)}`
