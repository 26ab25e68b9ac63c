import type { CustomList, CustomListItem, Duty, Grade, ListedItem, Revision } from '@/api'
import { WORDS } from '@/api/words'
import { nowWord, startsOf } from './buckets'
import { shortDate, weekday } from './dates'
import { clean } from './draft'
import { GRADES, type Badge, type Option } from './looks'

/** A unit's own checklists: it adds to the fixed ones and grades higher, it takes nothing away. */

/** How the lists sort their items. */
export const GROUPS = ['人员', '管理', '设备', '安全附件', '环境', '动态'] as const
export type Group = (typeof GROUPS)[number]

/** What is said wherever a list is changed. */
export const IN_FORCE = '从下一次派发的任务起生效，已派发的不变。'
export const NEVER_DELETED = '自定义项只能停用，不能删除。'

/** Somebody else changed the list since it was read. */
export const MOVED = 'custom.moved'

export const listTitle = ({ duty, name }: Pick<CustomListItem, 'duty' | 'name'>) => `${name}·${WORDS.Duty[duty]}`

/** 固定 14 项，自定义 2 项，等级调高 1 项 */
export const listMeta = ({ fixed, own, raised }: CustomListItem) =>
  [`固定 ${fixed} 项`, own ? `自定义 ${own} 项` : '', raised ? `等级调高 ${raised} 项` : ''].filter(Boolean).join('，')

/** How many items of its own a unit asks in a duty. */
export const ownCount = (lists: CustomListItem[], duty: Duty) => lists.filter((list) => list.duty === duty).reduce((sum, { own }) => sum + own, 0)

/** The chips of an item: its grade, and that it was raised or is ended. */
export function itemBadges(item: ListedItem, today: string): Badge[] {
  return [
    { kind: item.grade },
    ...(item.grade === item.released ? [] : [{ kind: 'plain', text: `由${WORDS.Grade[item.released]}调高` } as Badge]),
    ...(item.ends ? [{ kind: 'suspended', text: endWords(item.ends, today) } as Badge] : []),
  ]
}

/** 自 12-01 起停用 */
const endWords = (ends: string, today: string) => `自 ${shortDate(ends, today)} 起停用`

/** Its code and group; of the unit's own that 无此项 is not allowed. */
export const itemMeta = (item: ListedItem) => [[item.code, item.group, item.na_allowed ? '' : '不能选无此项'].filter(Boolean).join('·'), `隐患：${item.hazard}`]

/** Those asked by the unit itself; the ended ones last. */
export function ownItems(list: CustomList): ListedItem[] {
  const own = list.items.filter((item) => item.custom)
  return [...own.filter((item) => !item.ends), ...own.filter((item) => item.ends)]
}

export const fixedItems = (list: CustomList) => list.items.filter((item) => !item.custom)

/** The three grades, of which only a higher one can be chosen. */
export function raiseOptions(now: Grade): Option[] {
  const at = GRADES.indexOf(now)
  return GRADES.map((grade, index) => {
    const blocked = index === at ? '现在就是这个等级' : index < at ? '只能调高，不能调低' : undefined
    return { value: grade, word: WORDS.Grade[grade], blocked }
  })
}

export const mayRaise = (item: ListedItem) => item.grade !== 'major' && !item.ends

/** From which day an item may end: where a task of the duty begins, the next one first. */
export function endOptions(duty: Duty, today: string): Option[] {
  const found = startsOf(duty, today).sort(([one], [other]) => one.localeCompare(other))
  const once = found.filter(([day], index) => found.findIndex(([same]) => same === day) === index)
  return once.map(([value, note]) => ({ value, word: `${shortDate(value, today)}（${weekday(value)}）`, note }))
}

/** Why not at once. */
export const endHint = (duty: Duty) => `${nowWord(duty)}的任务已经派发，不能再改；最早从下一次派发起停用。`

/** An item being written. */
export interface NewItem { group: string; text: string; hazard: string; grade: Grade; naAllowed: boolean }
export const EMPTY_ITEM: NewItem = { group: '', text: '', hazard: '', grade: 'general', naAllowed: true }

export interface ItemFaults { group?: string; text?: string; hazard?: string }

export function itemFaults(item: NewItem): ItemFaults {
  const found: ItemFaults = {}
  if (!item.group) found.group = '请选择归在哪一类'
  if (!clean(item.text)) found.text = '写清检查什么、怎样算合格'
  if (!clean(item.hazard)) found.hazard = '写清不合格时是什么隐患'
  return found
}

type Added = NonNullable<Revision['add']>[number]

export function toItem(item: NewItem): Added {
  return { group: item.group as Added['group'], text: clean(item.text), hazard: clean(item.hazard), grade: item.grade, na_allowed: item.naAllowed }
}
