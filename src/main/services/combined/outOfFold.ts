import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { parseCsv } from '#main/formats/samples.ts'
import { sha256 } from '#main/platform/index.ts'
import { caseByLabel, cohorts } from '#main/database/queries/cases.ts'
import { insertOutOfFold } from '#main/database/queries/combined.ts'
import type { OpenStudy, World } from '../context.ts'

interface Refused { row: number; case: string; reason: string }
const HEADER = ['case_id', 'fold', 'probability', 'mask'] as const
/** The one kind of mask whose signatures are out of fold all the way. */
export const OUT_OF_FOLD_MASK = 'out_of_fold'

/**
 * Out-of-fold signatures of a cross-validation that was run elsewhere, as a CSV of `case_id,fold,probability,mask`: each value by a network that was not
 * fitted on the case, on a mask (`out_of_fold`) by networks that were not either. Rows that cannot be used are refused one by one; a run needs two folds.
 */
export async function importOutOfFold(study: OpenStudy, world: World, actor: string, input: { file: string; name: string; network: string }): Promise<{ id: string; imported: number; refused: Refused[] }> {
  const bytes = await readFile(resolve(input.file)).catch(() => {
    throw new Failure('not_found', `there is no file ${input.file}`)
  })
  let table: string[][]
  try {
    table = parseCsv(bytes.toString('utf8'))
  } catch (error) {
    throw new Failure('refused', `${input.file} is not a CSV table: ${error instanceof Error ? error.message : String(error)}`)
  }
  const header = (table[0] ?? []).map((h) => h.trim())
  const at = Object.fromEntries(HEADER.map((name) => [name, header.indexOf(name)])) as Record<(typeof HEADER)[number], number>
  const missing = HEADER.filter((name) => at[name] < 0)
  if (missing.length > 0) throw new Failure('refused', `${input.file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; it needs ${HEADER.join(', ')}`)
  const roles = new Map(cohorts(study.db.read).map((c) => [c.name, c.role]))
  const values = new Map<string, { caseId: string; fold: number; probability: number }>(), refused: Refused[] = []
  for (const [i, cells] of table.slice(1).entries()) {
    const cell = (name: (typeof HEADER)[number]): string => (cells[at[name]] ?? '').trim()
    const label = cell('case_id'), record = caseByLabel(study.db.read, label), fold = Number(cell('fold')), probability = Number(cell('probability'))
    const reason = record === undefined ? 'there is no such case in the study'
      : roles.get(record.cohort ?? '') !== 'fit' ? 'its cohort does not have the role "fit", where out-of-fold values are used'
        : cell('mask') !== OUT_OF_FOLD_MASK ? `its mask is "${cell('mask')}"; only ${OUT_OF_FOLD_MASK} is taken: on another mask the value is not out of fold`
          : cell('fold') === '' || !Number.isInteger(fold) ? 'its fold is not a whole number'
            : cell('probability') === '' || !(probability >= 0 && probability <= 1) ? 'its probability does not lie between 0 and 1'
              : values.has(record.id) ? 'the case is in the file twice' : null
    if (reason !== null || record === undefined) refused.push({ row: i + 2, case: label, reason: reason ?? '' })
    else values.set(record.id, { caseId: record.id, fold, probability })
  }
  const folds = new Set([...values.values()].map((v) => v.fold)).size
  if (folds < 2) throw new Failure('refused', values.size === 0 ? `no row of ${input.file} could be used${refused[0] === undefined ? '' : `; the first: ${refused[0].case}, ${refused[0].reason}`}` : 'all rows have the same fold: out-of-fold values come from two folds or more')
  const id = world.ids.next()
  study.db.write(actor, (tx) => insertOutOfFold(tx, { id, name: input.name, model: input.network, folds, source_sha256: sha256(bytes) }, [...values.values()]))
  return { id, imported: values.size, refused }
}
