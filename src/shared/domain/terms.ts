import { clinicalVariable } from './clinical.ts'

/** The name of the DL signature among the terms of a combined model. */
export const SIGNATURE_TERM = 'dl_signature'
const NETWORK_PREFIX = 'dl_'
/** The term of one network's own probability, where a model uses more than the DL signature. */
export const networkTerm = (network: string): string => `${NETWORK_PREFIX}${network}`
/** The network of such a term; null for the DL signature and for clinical factors. */
export const networkOfTerm = (term: string): string | null => (term.startsWith(NETWORK_PREFIX) && term !== SIGNATURE_TERM ? term.slice(NETWORK_PREFIX.length) : null)
/** Terms whose value a network gives; clinical columns never begin so. */
export const isSignatureTerm = (name: string): boolean => name.startsWith(NETWORK_PREFIX)

const NETWORKS: Readonly<Record<string, string>> = { resnet50: 'ResNet50', resnet101: 'ResNet101', densenet121: 'DenseNet121' }
export const networkLabel = (name: string): string => NETWORKS[name] ?? name

/** A term of a model as a person reads it. */
export function termLabel(term: string): string {
  if (term === SIGNATURE_TERM) return 'DL signature'
  const network = networkOfTerm(term)
  return network === null ? (clinicalVariable(term)?.label ?? term) : `Signature ${networkLabel(network)}`
}
