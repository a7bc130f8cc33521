import type { ModelInfo, VerifiedModels } from '#shared/contract/index.ts'

const ROLES: Readonly<Record<ModelInfo['role'], string>> = { segmentation: 'Segmentation', fusion: 'Fusion', classification: 'Classification' }
const NAMES: Readonly<Record<string, string>> = { deeplabv3: 'DeepLabV3', unet: 'U-Net', unetpp: 'U-Net++', fusion: 'Fusion (boosted trees)', resnet50: 'ResNet50', resnet101: 'ResNet101', densenet121: 'DenseNet121' }

export const roleName = (role: ModelInfo['role']): string => ROLES[role]
/** The name as the field writes it. */
export const modelName = (name: string): string => NAMES[name] ?? name
export const shortHash = (sha256: string): string => sha256.slice(0, 12)

/** What the last check of a model's very file said, for its row: one word, and a line for each provider. */
export function parityOf(report: VerifiedModels | null, model: Pick<ModelInfo, 'id' | 'sha256'>): { kind: 'ok' | 'stop' | 'neutral'; label: string; title: string } {
  const checks = report?.checks.filter((c) => c.model === model.id && c.sha256 === model.sha256) ?? []
  const title = checks.map((c) => `${c.provider?.toUpperCase() ?? 'File'}: ${c.state}${c.probability === null ? '' : `, largest difference of a probability ${c.probability.toExponential(1)}`}; ${c.note}`).join('\n')
  if (report === null || checks.length === 0) return { kind: 'neutral', label: 'Not checked', title: 'Press Check all' }
  if (checks.some((c) => c.state === 'failed' || c.state === 'differs')) return { kind: 'stop', label: checks.some((c) => c.state === 'failed') ? 'Failed' : 'Differs', title }
  return checks.some((c) => c.state === 'agrees') ? { kind: 'ok', label: 'Agrees', title } : { kind: 'neutral', label: 'File sound', title }
}
