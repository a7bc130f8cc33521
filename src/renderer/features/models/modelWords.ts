import type { ModelInfo } from '#shared/contract/index.ts'

const ROLES: Readonly<Record<ModelInfo['role'], string>> = { segmentation: 'Segmentation', fusion: 'Fusion', classification: 'Classification' }
const NAMES: Readonly<Record<string, string>> = { deeplabv3: 'DeepLabV3', unet: 'U-Net', unetpp: 'U-Net++', fusion: 'Fusion (boosted trees)', resnet50: 'ResNet50', resnet101: 'ResNet101', densenet121: 'DenseNet121' }

export const roleName = (role: ModelInfo['role']): string => ROLES[role]
/** The name as the field writes it. */
export const modelName = (name: string): string => NAMES[name] ?? name
export const shortHash = (sha256: string): string => sha256.slice(0, 12)
