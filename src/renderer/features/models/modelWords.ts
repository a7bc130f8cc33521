import type { CallOutput, ModelInfo, VerifiedModels } from '#shared/contract/index.ts'

const ROLES: Readonly<Record<ModelInfo['role'], string>> = { segmentation: 'Segmentation', fusion: 'Fusion', classification: 'Classification' }
const NAMES: Readonly<Record<string, string>> = { deeplabv3: 'DeepLabV3', unet: 'U-Net', unetpp: 'U-Net++', fusion: 'Fusion (boosted trees)', resnet50: 'ResNet50', resnet101: 'ResNet101', densenet121: 'DenseNet121' }

export const roleName = (role: ModelInfo['role']): string => ROLES[role]
/** The name as the field writes it. */
export const modelName = (name: string): string => NAMES[name] ?? name
export const shortHash = (sha256: string): string => sha256.slice(0, 12)

/** Of a model that nobody checked here yet: the filter's word; its cell shows a dash. */
export const NOT_CHECKED = 'Not checked'

/** What the last check of a model's very file said, for its row: one word, and a line for each provider. */
export function parityOf(report: VerifiedModels | null, model: Pick<ModelInfo, 'id' | 'sha256'>): { kind: 'ok' | 'stop' | 'neutral'; label: string; title: string } {
  const checks = report?.checks.filter((c) => c.model === model.id && c.sha256 === model.sha256) ?? []
  const title = checks.map((c) => `${c.provider?.toUpperCase() ?? 'File'}: ${c.state}${c.probability === null ? '' : `, largest difference of a probability ${c.probability.toExponential(1)}`}; ${c.note}`).join('\n')
  if (report === null || checks.length === 0) return { kind: 'neutral', label: NOT_CHECKED, title: 'Not checked on this computer yet: press Check all' }
  if (checks.some((c) => c.state === 'failed' || c.state === 'differs')) return { kind: 'stop', label: checks.some((c) => c.state === 'failed') ? 'Failed' : 'Differs', title }
  return checks.some((c) => c.state === 'agrees') ? { kind: 'ok', label: 'Agrees', title } : { kind: 'neutral', label: 'File sound', title }
}

type ProviderFound = CallOutput<'inference.providers'>['providers'][number]
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Why a provider is or is not taken, in a person's words; the runtime's own message stays for a tooltip, empty where the words say it all. */
export function providerWords(found: Pick<ProviderFound, 'reason' | 'checks'>): { text: string; raw: string } {
  const { reason } = found
  const measured = found.checks.flatMap((c) => (c.difference === null ? [] : [`${c.graph}: largest difference ${c.difference.toExponential(1)}`]))
  const raw = (own: boolean): string => [...(own ? [reason] : []), ...measured].join('\n')
  if (/Failed to get a WebGPU adapter|adapter_result/i.test(reason)) return { text: 'No usable GPU was found: no graphics adapter answers on this computer.', raw: raw(true) }
  if (/setup:cuda/.test(reason)) return { text: 'Its library is not installed. In a checkout of the source, "npm run setup:cuda" downloads it for an NVIDIA GPU under Linux; the packaged program does not bring it.', raw: raw(false) }
  if (reason.startsWith('does not start here (')) return { text: 'It does not start on this computer.', raw: raw(true) }
  return { text: reason === '' ? '–' : sentence(reason), raw: raw(false) }
}
