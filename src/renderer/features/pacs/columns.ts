import type { PacsStudy } from '#shared/contract/index.ts'
import type { TableColumn } from '#renderer/ui/index.ts'
import { dicomDay, personName } from './query.ts'

export const COLUMNS: readonly TableColumn<PacsStudy>[] = [
  { id: 'date', label: 'Date', value: (s) => s.date, text: (s) => dicomDay(s.date), width: 92 },
  { id: 'patientId', label: 'Patient ID', value: (s) => s.patientId, width: 112 },
  { id: 'name', label: 'Name', value: (s) => personName(s.patientName), width: 140 },
  { id: 'modalities', label: 'Modalities', value: (s) => s.modalities.join(' '), width: 84 },
  { id: 'description', label: 'Description', value: (s) => s.description, width: 112, grow: true },
  { id: 'accession', label: 'Accession', value: (s) => s.accessionNumber, width: 96 },
  { id: 'series', label: 'Series', value: (s) => s.series, kind: 'number', width: 56 },
  { id: 'instances', label: 'Files', value: (s) => s.instances, kind: 'number', width: 52 },
  { id: 'case', label: 'In the study', value: (s) => s.caseLabel ?? '', kind: 'choice', width: 140 },
]
