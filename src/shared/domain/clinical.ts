/**
 * The clinical variables of a manifest and their value lists.
 * `unit` is part of a variable: a lesion of 22.9 is in millimetres, never in centimetres.
 */
export type ClinicalVariable =
  | { readonly name: string; readonly label: string; readonly kind: 'number'; readonly unit: string; readonly min: number; readonly max: number }
  | { readonly name: string; readonly label: string; readonly kind: 'choice'; readonly levels: readonly string[] }

const marker = (name: string, label: string): ClinicalVariable => ({ name, label, kind: 'choice', levels: ['negative', 'positive'] })

export const CLINICAL_VARIABLES: readonly ClinicalVariable[] = [
  { name: 'age', label: 'Age', kind: 'number', unit: 'years', min: 0, max: 120 },
  { name: 'size_mm', label: 'Lesion size', kind: 'number', unit: 'mm', min: 0.1, max: 300 },
  { name: 'histologic_type', label: 'Histologic type', kind: 'choice', levels: ['invasive ductal', 'invasive lobular', 'DCIS', 'other'] },
  { name: 'histologic_grade', label: 'Histologic grade', kind: 'choice', levels: ['I', 'II', 'III'] },
  marker('er', 'ER'),
  marker('pr', 'PR'),
  marker('her2', 'HER2'),
  marker('ki67', 'Ki-67'),
]

export const clinicalVariable = (name: string): ClinicalVariable | undefined => CLINICAL_VARIABLES.find((v) => v.name === name)

/** The value as stored (trimmed; numbers normalised), or the sentence that says what is wrong with it. */
export function readClinicalValue(variable: ClinicalVariable, raw: string): { value: string } | { problem: string } {
  const text = raw.trim()
  if (variable.kind === 'choice') {
    const level = variable.levels.find((l) => l.toLowerCase() === text.toLowerCase())
    return level === undefined ? { problem: `${variable.name} is "${text}"; it takes ${variable.levels.join(' | ')}` } : { value: level }
  }
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) return { problem: `${variable.name} is "${text}", which is not a number` }
  if (number < variable.min || number > variable.max) {
    return { problem: `${variable.name} is ${text} ${variable.unit}, outside ${variable.min} to ${variable.max} ${variable.unit}` }
  }
  return { value: String(number) }
}
