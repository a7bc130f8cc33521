import { Failure } from '#shared/contract/errors.ts'
import { templateById, templatesInForce, type TemplateRow } from '#main/database/queries/templates.ts'
import type { PixelBox, ScannerTemplate } from '#main/formats/dicom/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'

export interface NewTemplate { readonly manufacturer: string; readonly model: string; readonly columns: number; readonly rows: number; readonly boxes: readonly PixelBox[] }

export const templateOf = (row: TemplateRow): ScannerTemplate => ({ manufacturer: row.manufacturer, model: row.model, columns: row.columns, rows: row.rows, boxes: JSON.parse(row.boxes) as PixelBox[] })
export const presentTemplates = (study: OpenStudy): ScannerTemplate[] => templatesInForce(study.db.read).map(templateOf)

/** The template of pictures without a DICOM header: by size, and by maker and model where a manifest names them. */
export function templateFor(templates: readonly ScannerTemplate[], picture: { readonly columns: number; readonly rows: number; readonly manufacturer: string; readonly model: string }): ScannerTemplate | undefined {
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()
  return templates.find((t) => t.columns === picture.columns && t.rows === picture.rows && same(t.manufacturer, picture.manufacturer) && same(t.model, picture.model))
}

/** Stores where a scanner writes text; imports apply it only once it was reviewed. */
export function saveTemplate(study: OpenStudy, world: World, actor: string, template: NewTemplate): string {
  if (template.boxes.length === 0) throw new Failure('invalid_input', 'a template needs at least one rectangle')
  const outside = template.boxes.find((b) => b.x1 < b.x0 || b.y1 < b.y0 || b.x0 < 0 || b.y0 < 0 || b.x1 >= template.columns || b.y1 >= template.rows)
  if (outside !== undefined) throw new Failure('invalid_input', `the rectangle ${outside.x0},${outside.y0} to ${outside.x1},${outside.y1} lies outside a picture of ${template.columns} x ${template.rows}`)
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    tx.insert('scanner_template', { id, manufacturer: template.manufacturer, model: template.model, columns: template.columns, rows: template.rows, boxes: canonicalJson(template.boxes), author: actor, created_at: tx.at, reviewer: null, reviewed_at: null, origin: tx.origin })
    tx.audit({ action: 'template.create', subject: 'scanner_template', id, new: `${template.manufacturer} ${template.model} ${template.columns} x ${template.rows}: ${template.boxes.length} rectangles` })
  })
  return id
}

export function reviewTemplate(study: OpenStudy, actor: string, id: string): void {
  const row = templateById(study.db.read, id)
  if (row === undefined) throw new Failure('not_found', 'there is no such template')
  if (row.reviewer !== null) throw new Failure('conflict', `it was reviewed by ${row.reviewer} already`)
  study.db.write(actor, (tx) => {
    tx.update('scanner_template', { id }, { reviewer: actor, reviewed_at: tx.at })
    tx.audit({ action: 'template.review', subject: 'scanner_template', id, new: 'applied to imports from now on' })
  })
}
