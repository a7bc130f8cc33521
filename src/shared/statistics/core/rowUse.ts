/**
 * Whether the rows took part in fitting what is judged on them. A p value or z of performance (calibration, NRI, IDI, AUC difference of nested models)
 * is valid only on rows that did not: on fitting rows a larger model looks better by construction (Pepe and others, Stat Med 2014;33:110-21).
 */
export type RowUse = 'fitting' | 'evaluation'

/** Why a test is not shown on fitting rows. */
export const withheldOnFittingRows =
  'No p value: these rows were used in fitting, where the larger model looks better by construction. Use the likelihood-ratio test of nested models here, or rows not used in fitting.'
