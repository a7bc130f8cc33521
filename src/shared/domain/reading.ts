
/** Whether a call and a rating disagree: positive below the middle of the scale, or negative above it. The middle itself fits both. */
export function callContradictsRating(call: 'positive' | 'negative', rating: number, scale: 'points5' | 'percent100'): boolean {
  const middle = scale === 'points5' ? 3 : 50
  return call === 'positive' ? rating < middle : rating > middle
}
