import type { CallName } from '#shared/contract/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { allPackages, conflictsOf, mergesOf } from '#main/database/queries/packages.ts'
import { createSigningKey, signHead, signingKeyState, type KeyHome } from '#main/services/audit/signedHead.ts'
import { conflictInfo } from '#main/services/packages/conflicts.ts'
import { createPackage } from '#main/services/packages/create.ts'
import { mergePackage } from '#main/services/packages/merge.ts'
import { packageState, returnPackage, unpack } from '#main/services/packages/open.ts'
import type { OpenStudy } from '#main/services/context.ts'
import type { House } from './createApp.ts'
import type { HostHandler } from './houseHandlers.ts'
import { requireMayChangeStudy } from './mayChangeStudy.ts'

type Calls = Extract<CallName, `package.${string}` | 'audit.signingKey' | 'audit.createKey' | 'audit.signHead'>

function listed(study: OpenStudy) {
  return allPackages(study.db.read).map((p) => ({
    id: p.id, kind: p.kind, accountId: p.account_id, person: accountById(study.db.read, p.account_id)?.name ?? 'unknown', items: p.items, madeAt: p.created_at,
    merges: mergesOf(study.db.read, p.id).map((m) => ({ at: m.merged_at, chain: m.chain, taken: m.taken, known: m.known, conflicts: m.conflicts })),
    conflicts: conflictsOf(study.db.read, p.id).map((c) => conflictInfo(study.db.read, c)),
  }))
}

/** Work that is carried to another workstation and back, and the signed heads of the audit chains: both reach beyond the study folder. */
export function packageHandlers(house: House): { readonly [K in Calls]: HostHandler<K> } {
  const { world, jobs, config } = house
  const home: KeyHome = { userData: config.userData, secretBox: config.secretBox ?? null }
  return {
    'package.list': ({ study }) => ({ packages: listed(study) }),
    'package.create': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'package', title: 'Making a package', actor: caller.actor, study }, (job) => createPackage(study, world, caller.actor, input, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
    'package.merge': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'package-merge', title: 'Merging work from elsewhere', actor: caller.actor, study }, () => mergePackage(study, world, caller.actor, input.from, input.passphrase)),
    }),
    'package.open': async ({ context }, input) => {
      requireMayChangeStudy(house, context)
      const study = house.open(await unpack(world, house.origin, input.from, input.directory, input.passphrase))
      context.signOut()
      return { directory: study.directory }
    },
    'package.state': ({ study }) => ({ package: packageState(study) }),
    'package.return': ({ study, caller }, input) => returnPackage(study, caller.actor, input.to, input.passphrase),
    'audit.signingKey': ({ study }) => signingKeyState(home, study.id),
    'audit.createKey': async ({ study, caller }, input) => {
      await createSigningKey(home, world, input.passphrase)
      study.db.write(caller.actor, (tx) => tx.audit({ action: 'audit.createKey', subject: 'event', id: study.id, new: signingKeyState(home, study.id).fingerprint }))
      return signingKeyState(home, study.id)
    },
    'audit.signHead': ({ study, caller }, input) => signHead(home, study, world, caller.actor, input.to, input.passphrase),
  }
}
