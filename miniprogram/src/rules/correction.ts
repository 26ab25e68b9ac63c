import type { Grade, RecordDetail, Role, Task } from '@/api'
import { newDraft, type Draft, type DraftAnswer } from './draft'

/** 更正: a record is never changed; its maker hands in the whole list again, as the next version, and says why. */

/** The version that holds, when it is not this one. */
export function newest(record: RecordDetail): RecordDetail['versions'][number] | undefined {
  const last = record.versions[record.versions.length - 1]
  return last && last.version > record.version ? last : undefined
}

/** Only who made it, in the post he made it in, and only the version that holds. */
export function mayCorrect(record: RecordDetail, { person, role }: { person?: string; role?: Role }): boolean {
  return record.person === person && record.role === role && !newest(record)
}

/** The files of a record that its next version cites again. */
export const photosOf = (record: RecordDetail) => record.items.flatMap((item) => item.photos)

/** Where it is gone on with: what was suspended has no items to go over, and is signed anew. */
export const correctionPage = ({ state }: Pick<Draft, 'state'>) => `/pages/inspections/${state === 'suspended' ? 'sign' : 'summary'}`

/** What was answered, to be gone over; a photo is named by the unit's own name for it. */
export function correctionDraft(record: RecordDetail, task: Task, owner: string, why: { reason: string; stopReason: string }): Draft {
  const grades = Object.fromEntries(task.checklist.items.map((item) => [item.code, item.grade]))
  const items = record.items.filter((item) => item.code in grades)
  return {
    ...newDraft(task, owner),
    state: record.state,
    reason: why.stopReason,
    answers: Object.fromEntries(items.map((item) => [item.code, answerOf(item, grades[item.code])])),
    remarks: Object.fromEntries(items.flatMap((item) => (item.remark ? [[item.code, item.remark]] : []))),
    ...(record.stop_use ? { stopUse: true } : record.kept_in_use ? { stopUse: false, keptInUse: record.kept_in_use } : {}),
    correction: {
      version: record.version, reason: why.reason, since: Date.now(),
      reported: items.filter(({ result }) => result === 'fail').map(({ code }) => code),
      takenBack: items.filter(({ result, hazard_id }) => result !== 'fail' && hazard_id).map(({ code }) => code),
    },
  }
}

/** Only what was raised has a grade of its own. */
function answerOf(item: RecordDetail['items'][number], listed?: Grade): DraftAnswer {
  const { result, grade, handling, outcome, photos, devices, deadline } = item
  return {
    result, photos: [...photos], seconds: 0,
    ...(grade && grade !== listed ? { grade } : {}), ...(handling ? { handling } : {}), ...(outcome ? { outcome } : {}),
    ...(devices.length ? { devices: [...devices] } : {}), ...(deadline ? { deadline } : {}),
  }
}
