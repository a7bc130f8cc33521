import type { CohortRole } from './roles.ts'

/** The outcome a study predicts: a manifest column and the value that counts as positive. Declared once, never guessed. */
export interface OutcomeDefinition {
  readonly column: string
  readonly positive: string
  readonly label: string
}

export const SLN_OUTCOME: OutcomeDefinition = { column: 'sln', positive: '1', label: 'SLN metastasis' }

/** The role that a cohort name suggests on import; a person may change it. */
export function suggestedCohortRole(name: string): CohortRole {
  const lower = name.toLowerCase()
  if (/train|fit|development|derivation/.test(lower)) return 'fit'
  if (/valid|choose|tun/.test(lower) && !/extern/.test(lower)) return 'choose'
  return 'report'
}

export const SEGMENTATION_NETWORKS = ['deeplabv3', 'unet', 'unetpp'] as const
/** The segmentation set that ships, and that a study uses unless it was made with another. */
export const SHIPPED_SEGMENTATION = 'segmentation'
/** The signature set that a study of this outcome uses unless another is chosen. */
export const defaultSignatureSet = (outcomeColumn: string): string => (outcomeColumn === 'malignant' ? 'malignancy' : 'demo')
export type SegmentationNetwork = (typeof SEGMENTATION_NETWORKS)[number]
export const SEGMENTATION_MODELS = [...SEGMENTATION_NETWORKS, 'fusion'] as const
export type SegmentationModel = (typeof SEGMENTATION_MODELS)[number]

export const SEGMENTATION_LABELS: Readonly<Record<SegmentationModel, string>> = {
  deeplabv3: 'DeepLabV3',
  unet: 'U-Net',
  unetpp: 'U-Net++',
  fusion: 'Fused',
}
