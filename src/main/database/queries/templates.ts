import type { ReadDb } from '../connection.ts'

export interface TemplateRow { readonly id: string; readonly manufacturer: string; readonly model: string; readonly columns: number; readonly rows: number; readonly boxes: string; readonly author: string; readonly created_at: string; readonly reviewer: string | null; readonly reviewed_at: string | null }
export const templates = (db: ReadDb): TemplateRow[] => db.all<TemplateRow>('SELECT * FROM scanner_template ORDER BY manufacturer, model, columns, rows, created_at DESC, id DESC')
export const templateById = (db: ReadDb, id: string): TemplateRow | undefined => db.get<TemplateRow>('SELECT * FROM scanner_template WHERE id = ?', id)

/** The templates that imports apply: of each maker, model and size the newest that was reviewed. */
export const templatesInForce = (db: ReadDb): TemplateRow[] => {
  const seen = new Set<string>()
  return templates(db).filter((t) => {
    const key = JSON.stringify([t.manufacturer.toLowerCase(), t.model.toLowerCase(), t.columns, t.rows])
    if (t.reviewer === null || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
