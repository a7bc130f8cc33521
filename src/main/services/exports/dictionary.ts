import { stringify } from 'csv-stringify/sync'
import type { Column, Table } from './tables.ts'

/** Names as REDCap, SPSS and R all take them: lower-case letters, digits and underscores, a letter first, 60 characters at most, one to one within a table. */
export function plainNames(columns: readonly Column[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    const base = (column.name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').replace(/^(?=[0-9])/, 'v_') || 'v').slice(0, 56)
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`
    taken.add(name)
    return name
  })
}

const HEADER = ['Variable / Field Name', 'Form Name', 'Section Header', 'Field Type', 'Field Label', 'Choices, Calculations, OR Slider Labels', 'Field Note', 'Text Validation Type OR Show Slider Number', 'Text Validation Min', 'Text Validation Max', 'Identifier?']

/** A data dictionary in REDCap's column layout: a row for each column of each table. */
export const dictionaryCsv = (tables: readonly Table[]): string => stringify([HEADER, ...tables.flatMap((table) => {
  const names = plainNames(table.columns)
  return table.columns.map((c, i) => [names[i] ?? '', table.name, '', c.kind === 'choice' ? 'radio' : 'text', c.label, (c.choices ?? []).map(([code, words]) => `${code}, ${words}`).join(' | '), c.unit ?? '',
    c.kind === 'number' ? 'number' : c.kind === 'integer' ? 'integer' : '', c.range === undefined ? '' : String(c.range[0]), c.range === undefined ? '' : String(c.range[1]), c.name === 'patient_id' ? 'y' : ''])
})])

export const tableCsv = (table: Table): string => stringify([plainNames(table.columns), ...table.rows])

const single = (value: string): string => `'${value.replaceAll("'", "''")}'`
const widest = (table: Table, i: number): number => Math.max(8, ...table.rows.map((row) => Buffer.byteLength(row[i] ?? '')))

function spssTable(table: Table): string {
  const names = plainNames(table.columns)
  const numeric = (c: Column): boolean => c.kind === 'number' || c.kind === 'integer' || (c.kind === 'choice' && (c.choices ?? []).every(([code]) => /^\d+$/.test(code)))
  const choices = table.columns.flatMap((c, i) => (c.choices === undefined ? [] : [`  ${names[i] ?? ''} ${c.choices.map(([code, words]) => `${numeric(c) ? code : single(code)} ${single(words)}`).join(' ')}`]))
  return [
    `* ${table.name}.`,
    `GET DATA /TYPE=TXT /FILE='${table.name}.csv' /ENCODING='UTF8' /DELCASE=LINE /DELIMITERS="," /QUALIFIER='"' /ARRANGEMENT=DELIMITED /FIRSTCASE=2`,
    `  /VARIABLES=\n${table.columns.map((c, i) => `  ${names[i] ?? ''} ${numeric(c) ? (c.kind === 'number' ? 'F20.10' : 'F8.0') : `A${Math.min(32_000, widest(table, i))}`}`).join('\n')}.`,
    `DATASET NAME ${table.name}.`,
    `VARIABLE LABELS\n${table.columns.map((c, i) => `  ${names[i] ?? ''} ${single(c.unit === undefined ? c.label : `${c.label} (${c.unit})`)}`).join('\n')}.`,
    ...(choices.length === 0 ? [] : [`VALUE LABELS\n${choices.join('\n  /')}.`]),
    'EXECUTE.', '',
  ].join('\n')
}

/** SPSS syntax that opens every table with its labels; run it in the folder of the tables. */
export const spssSyntax = (tables: readonly Table[]): string => tables.map(spssTable).join('\n')

const quoted = (value: string): string => JSON.stringify(value)

function rTable(table: Table): string {
  const names = plainNames(table.columns)
  const kind = (c: Column): string => (c.kind === 'number' ? 'numeric' : c.kind === 'integer' ? 'integer' : 'character')
  return [
    `${table.name} <- read.csv(${quoted(`${table.name}.csv`)}, colClasses = c(${table.columns.map((c, i) => `${names[i] ?? ''} = ${quoted(kind(c))}`).join(', ')}), na.strings = "", encoding = "UTF-8")`,
    ...table.columns.flatMap((c, i) => (c.choices === undefined ? [] : [`${table.name}$${names[i] ?? ''} <- factor(${table.name}$${names[i] ?? ''}, levels = c(${c.choices.map(([code]) => quoted(code)).join(', ')}), labels = c(${c.choices.map(([, words]) => quoted(words)).join(', ')}))`])),
    ...table.columns.map((c, i) => `attr(${table.name}$${names[i] ?? ''}, "label") <- ${quoted(c.unit === undefined ? c.label : `${c.label} (${c.unit})`)}`), '',
  ].join('\n')
}

/** An R script that reads every table with types, factors and labels; base R only. */
export const rSyntax = (tables: readonly Table[]): string => tables.map(rTable).join('\n')
