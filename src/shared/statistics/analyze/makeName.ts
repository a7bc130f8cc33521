const reserved = new Set([
  'if', 'else', 'repeat', 'while', 'function', 'for', 'next', 'break', 'TRUE', 'FALSE', 'NULL',
  'Inf', 'NaN', 'NA', 'NA_integer_', 'NA_real_', 'NA_character_', 'NA_complex_', 'in',
])

/** A column name as a syntactic name of R (`make.names`): the result format names coefficients so. */
export function makeName(name: string): string {
  const start = /^(\p{L}|\.(?![0-9]))/u.test(name) ? name : `X${name}`
  const valid = start.replace(/[^\p{L}\p{N}._]/gu, '.')
  return reserved.has(valid) ? `${valid}.` : valid
}
