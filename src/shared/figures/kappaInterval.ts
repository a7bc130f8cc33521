/** A kappa lies within -1 and 1, its normal interval may go beyond: cut to that wherever it is shown; files keep what was computed. */
export const kappaInterval = (ci: readonly [number, number] | null | undefined): readonly [number, number] | null => (ci == null ? null : [Math.max(-1, ci[0]), Math.min(1, ci[1])])
