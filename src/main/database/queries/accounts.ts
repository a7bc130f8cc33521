import type { Role, Seniority } from '#shared/domain/index.ts'
import type { ReadDb, WriteDb } from '../connection.ts'

export interface AccountRow {
  id: string; login: string; name: string; role: Role; seniority: Seniority | null; years_experience: number | null; password: string; must_change: number; demo: number; disabled: number; created_at: string; origin: string
  /** The account that stands for the person, where the person has more than one. */
  person: string | null
}

export const accountByLogin = (db: ReadDb, login: string): AccountRow | undefined => db.get<AccountRow>('SELECT * FROM account WHERE login = ?', login)
export const accountById = (db: ReadDb, id: string): AccountRow | undefined => db.get<AccountRow>('SELECT * FROM account WHERE id = ?', id)
export const allAccounts = (db: ReadDb): AccountRow[] => db.all<AccountRow>("SELECT * FROM account ORDER BY CASE role WHEN 'investigator' THEN 0 WHEN 'annotator' THEN 1 ELSE 2 END, login")
export const enabledInvestigators = (db: ReadDb): number =>
  db.get<{ n: number }>("SELECT count(*) AS n FROM account WHERE role = 'investigator' AND disabled = 0")?.n ?? 0

export interface SignInFailure { count: number; locked_until: string | null }
export const signInFailure = (db: ReadDb, accountId: string): SignInFailure =>
  db.get<SignInFailure>('SELECT count, locked_until FROM sign_in_failure WHERE account_id = ?', accountId) ?? { count: 0, locked_until: null }
export function setSignInFailure(tx: WriteDb, accountId: string, count: number, lockedUntil: string | null): void {
  tx.run('INSERT INTO sign_in_failure (account_id, count, locked_until) VALUES (?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET count = excluded.count, locked_until = excluded.locked_until', accountId, count, lockedUntil)
}
