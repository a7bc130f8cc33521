/** The number, or null where it is none: JSON has neither NaN nor infinity. */
export const oneOrNull = (value: number | null | undefined): number | null => (value === null || value === undefined || !Number.isFinite(value) ? null : value)
