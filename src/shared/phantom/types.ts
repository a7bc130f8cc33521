/** What a synthetic case is, before any pixel exists. Everything here is plain data, so a plan can be posted to a worker. */

export type Hospital = 'A' | 'B'
export type CohortName = 'train' | 'validation' | 'external test'
export type HistologicType = 'invasive ductal' | 'invasive lobular' | 'DCIS' | 'other'
export type HistologicGrade = 'I' | 'II' | 'III'
export type MarkerStatus = 'negative' | 'positive'
export type ExclusionReason = 'neoadjuvant therapy before ultrasound' | 'incomplete pathology' | 'poor image quality'

/** Clinical columns of the manifest; null is a missing value. */
export interface ClinicalFactors {
  /** Years. */
  readonly age: number
  /** Largest diameter of the lesion on the first image, in mm. */
  readonly sizeMm: number
  readonly histologicType: HistologicType | null
  readonly histologicGrade: HistologicGrade | null
  readonly er: MarkerStatus | null
  readonly pr: MarkerStatus | null
  readonly her2: MarkerStatus | null
  readonly ki67: MarkerStatus | null
}

/** Shape and echo of a lesion. Degrees run from 0 (absent) to 1 (marked). */
export interface LesionPlan {
  /** Largest diameter of the contour on the central slice, in mm. */
  readonly sizeMm: number
  /** Height over width; above 1 is taller than wide. */
  readonly aspect: number
  readonly spiculation: number
  readonly irregularity: number
  readonly lobulation: number
  /** Signed: above 0 a posterior shadow, below 0 posterior enhancement. */
  readonly shadow: number
  readonly halo: number
  readonly heterogeneity: number
  readonly calcifications: number
  /** Echo below the surrounding tissue, in dB (positive is darker). */
  readonly contrastDb: number
  /** Width over which the margin fades, in mm. */
  readonly marginMm: number
}

export interface CasePlan {
  readonly caseId: string
  readonly patientId: string
  readonly hospital: Hospital
  /** null for an excluded case: exclusion comes before the split. */
  readonly cohort: CohortName | null
  readonly excludedReason: ExclusionReason | null
  /** Everything random in the case's images comes from this text alone. */
  readonly seed: string
  /** Number of images, 1 to 3: cross-sections of one lesion, the largest first. */
  readonly images: number
  readonly clinical: ClinicalFactors
  readonly lesion: LesionPlan
  /** Simulated sentinel-lymph-node status; null where pathology is incomplete. */
  readonly sln: 0 | 1 | null
  /** The part of the simulated log-odds that the image shows (for simulated readers, never for display). */
  readonly imageSignal: number
  /** The whole simulated log-odds without its noise. */
  readonly signal: number
}

export interface DemoStudyPlan {
  readonly seed: string
  /** Cases of the three cohorts, then the excluded ones. */
  readonly cases: readonly CasePlan[]
}

export interface PhantomImage {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** Row by row, `channels` bytes a pixel. */
  readonly pixels: Uint8Array
  /** Row by row, 0 outside and 255 inside the lesion. */
  readonly mask: Uint8Array
  readonly mmPerPx: { readonly x: number; readonly y: number }
}
