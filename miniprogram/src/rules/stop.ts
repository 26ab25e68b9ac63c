import type { HazardItem, Receipt, RecordDetail, TargetFacts } from '@/api'
import type { Draft } from './draft'
import { kindName, TARGET_NOUN, type ChipKind } from './looks'

/** 停用 on a 重大: how it is asked, and how what was decided is told. */
type Looks = Pick<TargetFacts, 'kind' | 'unit_kind' | 'state'>

export interface Told { kind: ChipKind; icon: string; title: string; text: string }

/** 这台电梯, 这个工位 */
export function thisOne({ kind, unit_kind }: Pick<Looks, 'kind' | 'unit_kind'>): string {
  const { noun, counter } = TARGET_NOUN[unit_kind]
  return `这${counter}${unit_kind === 'use' ? kindName(kind) || noun : noun}`
}

/** Before it is handed in. */
export function decisionNotice({ stopUse, keptInUse }: Draft, target: Looks): Told | null {
  if (stopUse === undefined) return null
  if (!stopUse) return { kind: 'overdue', icon: 'hazard', title: '有重大隐患，暂不停用', text: keptInUse ?? '' }
  const title = target.state === 'suspended' ? `${thisOne(target)}继续停用` : `提交后${thisOne(target)}转为停用`
  return { kind: 'suspended', icon: 'pause', title, text: '重大隐患整改完成、检验有效后才能恢复在用' }
}

/** On what is signed. */
export function decisionFacts({ stopUse, keptInUse }: Draft, target: Looks): [string, string][] {
  if (stopUse === undefined) return []
  if (!stopUse) return [['暂不停用', keptInUse ?? '']]
  return [['停用', target.state === 'suspended' ? '有重大隐患，继续停用' : '有重大隐患，提交后转为停用']]
}

type Decided = Pick<Receipt | RecordDetail | HazardItem, 'stop_use' | 'kept_in_use'>

/** As the unit has it: on a receipt, on a hazard. */
export function decidedNotice({ stop_use, kept_in_use }: Decided, looks: Pick<Looks, 'kind' | 'unit_kind'>): Told | null {
  if (stop_use) return { kind: 'suspended', icon: 'pause', title: `${thisOne(looks)}已因重大隐患停用`, text: '整改完成、检验有效后才能恢复在用' }
  return kept_in_use ? { kind: 'overdue', icon: 'hazard', title: '有重大隐患，安全员决定暂不停用', text: `理由：${kept_in_use}` } : null
}

/** On a record, as it is printed. */
export function decidedFacts({ stop_use, kept_in_use }: Decided): [string, string][] {
  if (stop_use) return [['停用', '有重大隐患，随提交停用']]
  return kept_in_use ? [['暂不停用', kept_in_use]] : []
}
