/** A value of a row; null, undefined, NaN and '' are missing. */
export type Value = number | string | null | undefined

/** One case: values by column name. */
export type DataRow = Readonly<Record<string, Value>>

/** A predictor that enters as it is. The unit belongs to the variable and is carried into every result. */
export interface NumericTerm {
  readonly kind: 'numeric'
  readonly name: string
  readonly unit?: string
}

/** A categorical predictor, entered by treatment coding: one column for each level but the first one that has rows, the reference. */
export interface FactorTerm {
  readonly kind: 'factor'
  readonly name: string
  readonly levels: readonly string[]
}

export type Term = NumericTerm | FactorTerm

/** A column of a design matrix. */
export interface DesignColumn {
  /** As R names it: the term's name followed by the level. */
  readonly name: string
  /** The term it belongs to; undefined for the intercept. */
  readonly term?: string
  /** The level it stands for, of a factor. */
  readonly level?: string
}

export const interceptName = '(Intercept)'

export function isMissing(value: Value): value is null | undefined {
  return value === null || value === undefined || value === '' || (typeof value === 'number' && Number.isNaN(value))
}
