/** Reports as PDF, drawn from the same figures as everything else. */
export { writePdf } from './writePdf.ts'
export type { ReportBlock, ReportColumn, ReportDocument, ReportTable } from './document.ts'
