export interface TableRow { readonly folder: string; readonly own: readonly string[]; readonly packages: readonly string[] }
export const TABLE: readonly TableRow[]
export function rowFor(path: string): TableRow | undefined
export function importProblem(file: string, target: string, isPackage: boolean): string | null
export const boundaries: readonly object[]
