import { describe, expect, test } from 'vitest'
import { doubtfulNames, nameKind, names, renamed } from '#main/database/queries/nameWords.ts'

describe('names in what people wrote', () => {
  test.each([
    ['Li', 'Li is her sister', '* is her sister'], ['Li', 'as LI, not Lin, Ali or li', 'as *, not Lin, Ali or li'], ['LI', 'mother of Li', 'mother of *'], ['li', 'see Li; a li is a unit', 'see *; a li is a unit'],
    ['Eve', 'Eve/Wu: the eve of surgery, Even so', '*/Wu: the eve of surgery, Even so'], ['Wu', '(Wu)', '(*)'], ['Max', 'max 12 mm in Max', 'max 12 mm in *'],
    ['P7', 'like P7, not P77 or p7', 'like *, not P77 or p7'], ['An', 'an oval mass. An artefact, as in An', 'an oval mass. An artefact, as in *'], ['No', 'No lesion; swapped with No', 'No lesion; swapped with *'],
    ['Bi', 'Bi has BI-RADS 4', '* has BI-RADS 4'], ['Zoë', 'Zoe\u0308 and Zoe', '* and Zoe'], ['Zoe', 'Zoe\u0308 and Zoe', 'Zoe\u0308 and *'],
    ['王小东', '与王小东的姐姐', '与*的姐姐'], ['李雷', '李雷雷', '*雷'], ['علي', 'مع علي هنا', 'مع * هنا'], ['Quasimodo-77', 'as in QUASIMODO-77', 'as in *'],
  ])('%s in "%s"', (label, text, after) => {
    expect(renamed([label], '*')(text)).toBe(after)
    expect(names([label])(text)).toBe(after !== text)
  })
  test.each([['A', 'hospital A'], ['51', '51 years'], ['US', 'US shows it'], ['SLN', 'SLN positive'], ['李', '行李']])('%s in "%s" cannot be told, and is found where it is quoted', (label, text) => {
    expect(nameKind(label)).toBe('vague')
    expect(names([label])(text)).toBe(false)
    expect(renamed([label], '*')(`case "${label}"`)).toBe('case "*"')
  })
  test('names that a search may miss are said', () => {
    expect(doubtfulNames(['Li', 'A', '51', '51', 'US', 'No', '', 'Quasimodo-77', '王小东'])).toEqual(['A', '51', 'US', 'No'])
  })
  test('signs of patterns in a label are signs', () => {
    expect(renamed(['A.C', 'B(1'], '*')('ABC A.C B(1')).toBe('ABC * *')
  })
})
