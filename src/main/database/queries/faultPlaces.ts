import { hasTable, type ReadDb } from '../connection.ts'

/** The tables whose rows belong to an image, and those that belong to a case only. */
const OF_AN_IMAGE = ['annotation_task', 'annotation', 'segmentation', 'signature', 'representative_choice']
const OF_A_CASE = ['review']

/** For the ids of rows the place where a person finds them: `case 12, image 2`; without the image where a case has one image only, and nothing for a row that is of no case. */
export function placesOf(db: ReadDb, rowIds: readonly string[]): ReadonlyMap<string, string> {
  const ids = JSON.stringify([...new Set(rowIds)])
  const wanted = 'IN (SELECT value FROM json_each(?))'
  const arms = [
    `SELECT id, id AS case_id, NULL AS image_id FROM study_case WHERE id ${wanted}`, `SELECT id, case_id, id FROM image WHERE id ${wanted}`,
    ...OF_AN_IMAGE.filter((table) => hasTable(db, table)).map((table) => `SELECT id, case_id, image_id FROM ${table} WHERE id ${wanted}`),
    ...OF_A_CASE.filter((table) => hasTable(db, table)).map((table) => `SELECT id, case_id, NULL FROM ${table} WHERE id ${wanted}`),
  ]
  const rows = db.all<{ id: string; label: string; ordinal: number | null; images: number }>(`
    SELECT row.id, label, ordinal, (SELECT count(*) FROM image WHERE image.case_id = study_case.id) AS images
    FROM (${arms.join(' UNION ALL ')}) AS row JOIN study_case ON study_case.id = row.case_id LEFT JOIN image ON image.id = row.image_id`, ...arms.map(() => ids))
  return new Map(rows.map((r) => [r.id, `case ${r.label}${r.ordinal === null || r.images < 2 ? '' : `, image ${r.ordinal + 1}`}`]))
}
