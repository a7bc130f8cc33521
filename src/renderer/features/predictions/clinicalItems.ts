import { CLINICAL_VARIABLES, clinicalVariable } from '#shared/domain/index.ts'
import type { KeyValue } from '#renderer/ui/index.ts'

/** The clinical factors in the field's order with their units, then what else the manifest held. */
export const clinicalItems = (variables: Readonly<Record<string, string>>): KeyValue[] => [
  ...CLINICAL_VARIABLES.map((v): KeyValue => ({ key: v.label, value: variables[v.name], unit: v.kind === 'number' ? v.unit : undefined })),
  ...Object.entries(variables).filter(([name]) => clinicalVariable(name) === undefined).map(([key, value]): KeyValue => ({ key, value })),
]
