import type { CallName } from '#shared/contract/index.ts'
import { scannerLayouts } from '#main/database/queries/protocols.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { Handlers, World } from '../context.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import { addReader, amendProtocol, versionsOf, withdrawReader } from './amend.ts'
import { letterFor } from './letters.ts'
import { previewPlan } from './preview.ts'
import { allProtocols, closeProtocol, createProtocol, protocolInfo, startProtocol, updateProtocol } from './protocol.ts'

type Calls = Extract<CallName, `protocol.${string}` | `textMask.${string}`>

export function protocolHandlers(world: World): Handlers<Calls> {
  return {
    'protocol.list': ({ study }) => ({ protocols: allProtocols(study, world) }),
    'protocol.preview': ({ study }, input) => previewPlan(study, world, input.plan, input.positions),
    'protocol.create': ({ study, caller }, plan) => protocolInfo(study, world, createProtocol(study, world, caller.actor, plan)),
    'protocol.update': ({ study, caller }, input) => protocolInfo(study, world, updateProtocol(study, caller.actor, input.protocolId, input.plan)),
    'protocol.start': ({ study, caller }, input) => protocolInfo(study, world, startProtocol(study, world, caller.actor, input.protocolId)),
    'protocol.amend': ({ study, caller }, input) => {
      const changes = Object.fromEntries(Object.entries(input.changes).filter(([, value]) => value !== undefined))
      return protocolInfo(study, world, amendProtocol(study, world, caller.actor, input.protocolId, changes, input.reason))
    },
    'protocol.addReader': ({ study, caller }, input) => protocolInfo(study, world, addReader(study, world, caller.actor, input.protocolId, input.accountId, input.replaces, input.reason)),
    'protocol.withdrawReader': ({ study, caller }, input) => protocolInfo(study, world, withdrawReader(study, world, caller.actor, input.protocolId, input.accountId, input.reason)),
    'protocol.versions': ({ study }, input) => ({ versions: versionsOf(study, input.protocolId) }),
    'protocol.letter': ({ study }, input) => letterFor(study, world, input.protocolId, input.accountId, input.kind),
    'protocol.close': ({ study, caller }, input) => protocolInfo(study, world, closeProtocol(study, caller.actor, input.protocolId, input.reason)),
    'textMask.layouts': ({ study, caller }) => ({
      layouts: scannerLayouts(study.db.read).map(({ image_id, object, boxes, ...layout }) => ({ ...layout, boxes: JSON.parse(boxes ?? '[]') as [], sampleUrl: caller.grant(`layout:${image_id}`, imageAsset(study, object)) })),
    }),
    'textMask.set': ({ study, caller }, input) => {
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        const { boxes, reason, ...layout } = input
        tx.insert('text_mask', { id, ...layout, boxes: canonicalJson(boxes), reason, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'textMask.set', subject: 'text_mask', id, new: `${boxes.length} boxes on ${layout.width} x ${layout.height}`, reason })
      })
      return { done: true }
    },
  }
}
