import { describe, expect, it } from 'vitest'
import type { HazardDetail, HazardItem } from '@/api'
import {
  asState, asksForTime, assigneeName, extensionChoices, extensionFaults, isSamePerson, lastRequest, mayAskForTime, mayRegrade, orderAgain, regradeFaults, regradeOptions, awaited, deadlineChoices, faultNote, firstState, hazardBadges, hazardMeta, hazardNote, hazardTimeline, lastOrder, mayOrder, mayRectify, orderFaults, pendingWords, postWord, QUICK_WORDS,
  rectifyFaults, rowBadges, toOrder, toRectification, type Orders,
} from '@/rules/hazards'
import { graveLines, standInTitle } from '@/rules/principal'

const TODAY = '2026-11-23'
const director = { role: 'director', standsIn: [] } as const satisfies Orders
const officer = { role: 'officer', standsIn: [] } as const satisfies Orders
const principal = { role: 'principal', standsIn: [] } as const satisfies Orders
const plain = (words: string) => words.replace(/\u00A0/g, ' ')

function hazard(more: Partial<HazardItem> = {}): HazardItem {
  return {
    hazard: '20261123T003100000Z.E1.EL-D-04.P1', duty: 'daily', devices: [], target: 'E1', target_name: '原料库货梯', location: '原料库', unit_kind: 'use', kind: '3000',
    sentence: '门防夹保护失效', grade: 'major', state: 'reported', version: 1, finder_name: '邓志强', found_at: '2026-11-23T00:31:00.000Z', overdue: false, ...more,
  } as HazardItem
}
const ordered = (more: Partial<HazardItem> = {}) => hazard({ state: 'ordered', version: 2, assignee: 'P1', deadline: '2026-11-26', ...more })

const REPORT = { version: 1, act: 'report', state: 'reported', by: 'P1', by_name: '邓志强', at: '2026-11-23T00:31:00.000Z', text: '门防夹保护失效', photos: ['f1'] }
const ORDER = { version: 2, act: 'order', state: 'ordered', by: 'P9', by_name: '何敏', at: '2026-11-23T01:06:00.000Z', text: '更换光幕', assignee: 'P1', assignee_name: '邓志强', deadline: '2026-11-26', photos: [] }
function detail(of: HazardItem, steps: object[], more: Partial<HazardDetail> = {}): HazardDetail {
  return { ...of, duty: 'daily', item: 'EL-D-04', requirement: '有效', handling: 'pending', photos: [], record: 'r', officers: [], steps, ...more } as HazardDetail
}

describe('without a director', () => {
  const alone = { role: 'principal', standsIn: ['3000', 'EL_MFG'] } as Orders

  it('the principal orders, and nothing of other kinds', () => {
    expect(firstState('daily', alone)).toBe('reported')
    expect(mayOrder(hazard(), alone)).toBe(true)
    expect(mayOrder(hazard({ kind: '1000' }), alone)).toBe(false)
    expect(mayOrder(hazard(), { ...alone, role: 'officer' })).toBe(false)
  })

  it('everybody waits for the principal, of these kinds alone', () => {
    const orders = { role: 'officer', standsIn: ['3000', 'EL_MFG', 'filling'] } as Orders
    const asked = (of: HazardItem, more: Partial<HazardDetail> = {}) => awaited(detail(of, [REPORT], more), orders)
    expect(hazardNote(hazard(), TODAY, orders)).toBe('等主要负责人下达整改措施')
    expect(hazardNote(hazard({ kind: '1000' }), TODAY, orders)).toBe('等安全总监下达整改措施')
    expect(asked(hazard())).toBe('等主要负责人下达整改措施')
    expect(hazardTimeline(detail(hazard(), [REPORT]), TODAY, orders).pop()?.title).toBe('等主要负责人下达整改措施')
    expect(asked(ordered({ extension: '2026-12-01' }))).toBe('等主要负责人答复延期')
    expect(asked(ordered(), { duty: 'weekly' })).toBe('等主要负责人确认完成整改')
    expect(asked(ordered({ kind: '1000' }), { duty: 'weekly' })).toBe('等安全总监确认完成整改')
    expect(regradeOptions(hazard({ grade: 'serious' }), orders)[0]?.blocked).toBe('只能调高；调低请找主要负责人')
  })

  it('what is left pending goes to him', () => {
    const orders = { role: 'officer', standsIn: ['EL_MFG', 'filling'] } as Orders
    expect(pendingWords('daily', { kind: 'EL_MFG', unit_kind: 'production' }, orders)).toBe('报主要负责人，等下达整改措施')
    expect(pendingWords('weekly', { kind: 'filling', unit_kind: 'filling' }, orders)).toBe('待整改，由主要负责人确认')
    expect(pendingWords('daily', { kind: 'BOILER_MFG', unit_kind: 'production' }, orders)).toBe('报质量安全总监，等下达整改措施')
  })

  it('says for what nobody was appointed, by the title of the post', () => {
    expect(standInTitle(['3000'])).toBe('本单位没有任命负责电梯的安全总监')
    expect(standInTitle(['1000', '2000', '3000', '4000', 'EL_MFG'])).toBe('本单位没有任命负责锅炉、压力容器、电梯等 4 类的安全总监、负责电梯制造的质量安全总监')
  })
})

describe('重大 on the home page', () => {
  it('says of each target whether it was stopped', () => {
    const three = [hazard({ stop_use: true }), hazard({ target_name: '叉车', kept_in_use: '已派人看守' }), hazard({ target_name: '电梯制造' })]
    expect(graveLines(three).map(({ text }) => text)).toEqual(['原料库货梯，已停用：门防夹保护失效', '叉车，没有停用：门防夹保护失效', '电梯制造：门防夹保护失效'])
    expect(graveLines([...three, hazard(), hazard()])[3]!.text).toBe('还有 2 条')
    expect(graveLines([...three, hazard(), hazard()], true)[3]!.text).toBe('还有 2+ 条')
  })

  it('tells apart two who found the same of a kind, and never doubles a line', () => {
    const two = ['张示一', '李示二'].map((finder_name) => hazard({ hazard: finder_name, duty: 'weekly', target_name: '电梯', finder_name }))
    expect(graveLines(two)).toEqual([{ key: '张示一', text: '电梯：门防夹保护失效（张示一）' }, { key: '李示二', text: '电梯：门防夹保护失效（李示二）' }])
  })
})

describe('whose turn it is', () => {
  it('opens the list with it', () => {
    expect(firstState('daily', director)).toBe('reported')
    expect(firstState('daily', officer)).toBe('ordered')
    expect(asState('rectified', 'daily', director)).toBe('rectified')
    expect(asState('nonsense', 'daily', director)).toBe('reported')
  })

  it('is the director’s while it is reported, the assignee’s while it is ordered', () => {
    expect(mayOrder(hazard(), director)).toBe(true)
    expect(mayOrder(hazard(), principal)).toBe(false)
    expect(mayOrder(ordered(), director)).toBe(false)
    expect(firstState('daily', principal)).toBe('ordered')
    expect(mayRectify(ordered(), { ...officer, person: 'P1' })).toBe(true)
    expect(mayRectify(ordered(), { ...officer, person: 'P2' })).toBe(false)
    expect(mayRectify(ordered(), { ...director, person: 'P1' })).toBe(false)
    expect(mayRectify(hazard(), { ...officer, person: 'P1' })).toBe(false)
    expect(mayRectify(ordered(), { standsIn: [] })).toBe(false)
  })

  it('is said by the post’s name on that side', () => {
    expect(postWord('director', 'use')).toBe('安全总监')
    expect(postWord('officer', 'production')).toBe('质量安全员')
    expect(awaited(detail(hazard({ unit_kind: 'production' }), [REPORT]), officer)).toBe('等质量安全总监下达整改措施')
    expect(awaited(detail(ordered(), [REPORT, ORDER]), officer)).toBe('等邓志强完成整改')
    expect(awaited(detail(ordered({ state: 'rectified', version: 3 }), [REPORT, ORDER]), officer)).toBe('')
  })
})

describe('weeks and months', () => {
  const ofWeek = (more: Partial<HazardItem> = {}) => ordered({ duty: 'weekly', assignee: null, deadline: null, devices: ['E1'], ...more })
  const found = (of: HazardItem) => ({ ...detail(of, [{ ...REPORT, state: 'ordered' }]), duty: of.duty })

  it('have no list of what waits for an order', () => {
    expect(firstState('weekly', director)).toBe('ordered')
    expect(asState('reported', 'monthly', principal)).toBe('ordered')
    expect(mayOrder(ofWeek({ state: 'reported' }), director)).toBe(false)
  })
  it('are confirmed by who leads: the director, and the principal in his place; of a month the principal', () => {
    expect(mayRectify(ofWeek(), { ...director, person: 'P9' })).toBe(true)
    expect(mayRectify(ofWeek(), { ...officer, person: 'P1' })).toBe(false)
    expect(mayRectify(ofWeek(), principal)).toBe(false)
    expect(mayRectify(ofWeek(), { ...principal, standsIn: ['3000'] })).toBe(true)
    expect(mayRectify(ofWeek({ duty: 'monthly' }), principal)).toBe(true)
    expect(mayRectify(ofWeek({ duty: 'monthly' }), director)).toBe(false)
  })
  it('wait for him by the title of his post', () => {
    expect(awaited(found(ofWeek({ unit_kind: 'production' })), officer)).toBe('等质量安全总监确认完成整改')
    expect(awaited(found(ofWeek({ duty: 'monthly' })), officer)).toBe('等主要负责人确认完成整改')
  })
  it('ask why when he found it himself', () => {
    expect(isSamePerson(found(ofWeek()), { ...director, person: 'P1' })).toBe(true)
    expect(isSamePerson(found(ofWeek()), { ...director, person: 'P9' })).toBe(false)
    expect(rectifyFaults({ result: '已更换', photos: ['a'], reason: ' ' }, 0, true)).toHaveProperty('reason')
    expect(toRectification(ofWeek(), { result: '已更换', photos: ['a'], reason: '只有一名总监' }, ['f'], true)).toMatchObject({ same_person_reason: '只有一名总监' })
    expect(toRectification(ofWeek(), { result: '已更换', photos: ['a'], reason: '只有一名总监' }, ['f'])).not.toHaveProperty('same_person_reason')
  })
  it('say of how many devices they are, and that nobody set a day', () => {
    expect([hazardMeta(ofWeek(), TODAY, 'director'), hazardNote(ofWeek(), TODAY, director)]).toEqual(['原料库货梯·涉及 1 台·邓志强', '没有定期限'])
    const counts = (['production', 'filling'] as const).map((unit_kind) => hazardMeta({ ...ofWeek(), unit_kind, devices: ['1', '2'] }, TODAY, 'director').split('·')[1])
    expect(counts).toEqual(['涉及 2 项许可', '涉及 2 个工位'])
  })
})

describe('more time', () => {
  const EXTENSION = { version: 3, act: 'extension', state: 'ordered', by: 'P1', by_name: '邓志强', at: '2026-11-23T03:00:00.000Z', text: '等配件', deadline: '2026-12-01', photos: [] }
  const asked = detail(ordered({ version: 3, extension: '2026-12-01' }), [REPORT, ORDER, EXTENSION])

  it('is asked for by the assignee, once until it is answered', () => {
    expect(mayAskForTime(ordered(), { ...officer, person: 'P1' })).toBe(true)
    expect(mayAskForTime(ordered(), { ...officer, person: 'P2' })).toBe(false)
    expect(mayAskForTime(asked, { ...officer, person: 'P1' })).toBe(false)
  })
  it('counts from the deadline, or from today once that is over', () => {
    expect(extensionChoices(ordered(), TODAY).map(({ value }) => value)).toEqual(['2026-11-29', '2026-12-03', '2026-12-10'])
    expect(extensionChoices(ordered({ deadline: '2026-11-20' }), TODAY)[0]).toEqual({ value: '2026-11-26', word: '延 3 天 11-26' })
    expect(extensionFaults({ reason: '等配件', until: '2026-11-26' }, ordered(), TODAY)).toEqual({ until: '要晚于 11-26' })
    expect(Object.keys(extensionFaults({ reason: '', until: '' }, ordered(), TODAY))).toEqual(['until', 'reason'])
  })
  it('is the director’s to answer, with the order as it was', () => {
    expect([asksForTime(asked), mayOrder(asked, director), mayOrder(asked, principal)]).toEqual([true, true, false])
    expect(orderAgain(asked)).toEqual({ measures: '更换光幕', assignee: 'P1', deadline: '2026-12-01' })
    expect([lastRequest(asked)?.text, awaited(asked, officer)]).toEqual(['等配件', '等安全总监答复延期'])
    expect(toOrder(asked, { measures: '更换光幕', deadline: '2026-12-01', assignee: 'P1', reason: '' }, 'P1', false).seen).toMatchObject({ state: 'ordered', version: 3 })
  })
  it('stands in the chips and in the history, and the second order says so', () => {
    expect(hazardBadges(asked, TODAY).map(({ text, kind }) => text ?? kind)).toEqual(['major', '申请延期至 12-01'])
    const again = detail(ordered({ version: 4 }), [REPORT, ORDER, EXTENSION, { ...ORDER, version: 4, deadline: '2026-12-01' }])
    expect(hazardTimeline(again, TODAY, officer).map(({ title }) => plain(title))).toEqual(['邓志强发现并上报', '何敏下达整改措施', '邓志强申请延期至 12-01', '何敏重新下达整改措施', '等邓志强完成整改'])
    expect(asksForTime(again)).toBe(false)
  })
})

describe('another grade', () => {
  const serious = detail(ordered({ grade: 'serious' }), [REPORT, ORDER])
  const blocked = (role: Orders) => regradeOptions(serious, role).map((option) => option.blocked ?? '')

  it('is for the finder, the assignee and who leads, until it is over', () => {
    expect(mayRegrade(serious, { ...officer, person: 'P1' })).toBe(true)
    expect(mayRegrade({ ...serious, assignee: 'P2' }, { ...officer, person: 'P2' })).toBe(true)
    expect(mayRegrade(serious, { ...officer, person: 'P3' })).toBe(false)
    expect(mayRegrade(serious, director)).toBe(true)
    expect(mayRegrade(serious, principal)).toBe(false)
    expect(mayRegrade({ ...serious, duty: 'monthly' }, director)).toBe(false)
    expect(mayRegrade({ ...serious, duty: 'monthly' }, principal)).toBe(true)
    expect(mayRegrade({ ...serious, duty: 'weekly' }, { ...officer, person: 'P1' })).toBe(false)
    expect(mayRegrade({ ...serious, state: 'rectified' }, director)).toBe(false)
  })
  it('is only higher for an officer, and says why', () => {
    expect(blocked(officer)).toEqual(['只能调高；调低请找安全总监', '现在就是这个等级', ''])
    expect(blocked(director)).toEqual(['', '现在就是这个等级', ''])
  })
  it('needs a reason', () => {
    expect(Object.keys(regradeFaults({ grade: 'serious', reason: '' }, serious))).toEqual(['grade', 'reason'])
    expect(regradeFaults({ grade: 'major', reason: '有触电危险' }, serious)).toEqual({})
  })
  it('stands in the history', () => {
    const step = { version: 3, act: 'regrade', state: 'ordered', by: 'P1', by_name: '邓志强', at: '2026-11-23T03:00:00.000Z', text: '有触电危险', grade: 'major', photos: [] }
    expect(hazardTimeline(detail(ordered({ version: 3 }), [REPORT, ORDER, step]), TODAY, officer)[2]).toMatchObject({ title: '邓志强把等级调为重大', text: '有触电危险', kind: 'major' })
  })
})

describe('words to tap', () => {
  it('stop no licence', () => {
    const { measures, results } = QUICK_WORDS.production
    expect([...measures, ...results].filter((words) => /停用|维保|部件/.test(words))).toEqual([])
    expect(QUICK_WORDS.use.measures).toContain('停用整改')
  })
})

describe('a row', () => {
  const of = (one: HazardItem, role: 'officer' | 'director') => [hazardMeta(one, TODAY, role), rowBadges(one, TODAY).map((badge) => badge.text ?? badge.kind), hazardNote(one, TODAY, { role, standsIn: [] })].map((part) => (typeof part === 'string' ? plain(part) : part))

  it('tells the director who reported it when', () => expect(of(hazard(), 'director')).toEqual(['原料库货梯·邓志强', ['major'], '今天 08:31 上报']))
  it('tells the officer whom it waits for', () => expect(of(hazard(), 'officer')).toEqual(['原料库货梯·今天 08:31 上报', ['major'], '等安全总监下达整改措施']))
  it('tells how long there is', () => expect(of(ordered(), 'officer')).toEqual(['原料库货梯·原料库', ['major'], '11-26 前，还有 3 天']))
  it('tells how late it is', () => expect(of(ordered({ deadline: '2026-11-21', overdue: true }), 'officer')).toEqual(['原料库货梯·原料库', ['逾期 2 天', 'major'], '期限 11-21']))
  it('tells how long it took', () => {
    const done = hazard({ state: 'rectified', version: 3, found_at: '2026-11-17T01:00:00.000Z', rectified_at: '2026-11-19T01:00:00.000Z' })
    expect(of(done, 'officer')[1]).toEqual(['已整改'])
    expect(of(done, 'officer')[2]).toBe('11-19，用时 2 天')
    expect(hazardNote({ ...done, found_at: '2026-11-19T00:00:00.000Z' }, TODAY, officer)).toBe('11-19，当天改完')
    expect(hazardNote({ ...done, version: 1 }, TODAY, officer)).toBe('11-19，立即处理')
    expect(hazardBadges(done, TODAY)).toHaveLength(2)
  })
})

describe('the history', () => {
  it('tells a hand-over as one, and keeps the order that was given', () => {
    const over = { version: 3, act: 'hand_over', state: 'ordered', by: 'roster', by_name: '名册', at: '2026-11-23T02:00:00.000Z', text: '原责任人离岗', assignee: 'P2', assignee_name: '周海', photos: [] }
    const handed = detail(ordered({ version: 3, assignee: 'P2' }), [REPORT, ORDER, over])
    expect(hazardTimeline(handed, TODAY, officer).map((step) => step.title)).toEqual(['邓志强发现并上报', '何敏下达整改措施', '人员变动，改由周海负责', '等周海完成整改'])
    expect([lastOrder(handed)?.text, assigneeName(handed)]).toEqual(['更换光幕', '周海'])
  })

  it('ends with what is waited for', () => {
    const steps = hazardTimeline(detail(hazard(), [REPORT]), TODAY, officer)
    expect(steps.map((step) => step.title)).toEqual(['邓志强发现并上报', '等安全总监下达整改措施'])
    expect(steps[0]).toMatchObject({ meta: '今天 08:31·日管控 EL-D-04 不合格', photos: ['f1'] })
    expect(steps[1]).toMatchObject({ next: true })
  })

  it('tells the measures once: above while they hold, in the history once they are done', () => {
    const open = hazardTimeline(detail(ordered(), [REPORT, ORDER]), TODAY, officer)
    expect(open[1]).toMatchObject({ title: '何敏下达整改措施', text: '' })
    expect(plain(open[1]!.meta)).toBe('今天 09:06·责任人 邓志强·期限 11-26')
    expect(plain(open[2]!.meta)).toBe('期限 11-26，还有 3 天')
    const done = { version: 3, act: 'rectification', state: 'rectified', by: 'P1', by_name: '邓志强', at: '2026-11-23T02:00:00.000Z', text: '已更换', photos: ['f2'] }
    const over = hazardTimeline(detail(ordered({ state: 'rectified', version: 3 }), [REPORT, ORDER, done]), TODAY, officer)
    expect(over).toHaveLength(3)
    expect(over[1]!.text).toBe('更换光幕')
    expect(over[2]).toMatchObject({ title: '邓志强确认完成整改', text: '已更换', photos: ['f2'] })
  })

  it('prints 同一人 with its reason', () => {
    const steps = hazardTimeline(detail(ordered(), [REPORT, { ...ORDER, same_person_reason: '夜班只有一人' }]), TODAY, officer)
    expect(steps[1]!.text).toBe('同一人（发现人和下达人）：夜班只有一人')
  })

  it('of what was handled on the spot is one step', () => {
    const steps = hazardTimeline(detail(hazard({ state: 'rectified' }), [{ ...REPORT, state: 'rectified' }], { handling: 'on_site', outcome: '已清理' }), TODAY, officer)
    expect(steps.map((step) => step.title)).toEqual(['邓志强发现并立即处理'])
  })
})

describe('a confirmation', () => {
  it('needs a result and a photo', () => {
    expect(Object.keys(rectifyFaults({ result: ' \u200b', photos: [], reason: '' }))).toEqual(['result', 'photos'])
    expect(rectifyFaults({ result: '已更换', photos: ['a'], reason: '' })).toEqual({})
  })
  it('needs other photos in place of those that were refused', () => {
    expect(rectifyFaults({ result: '已更换', photos: ['a', 'b'], reason: '' }, 1)).toEqual({ photos: '1 张照片没有通过核验，请删掉重拍' })
    expect(rectifyFaults({ result: '已更换', photos: [], reason: '' }, 0).photos).toMatch('至少 1 张')
  })
  it('says on the wall what is wrong with it', () => {
    expect(faultNote(rectifyFaults({ result: '已更换', photos: ['a'], reason: '' }))).toBe('')
    expect(faultNote(rectifyFaults({ result: '已更换', photos: ['a'], reason: '' }, 1))).toBe('1 张照片没有通过核验，请删掉重拍')
    expect(faultNote(rectifyFaults({ result: '', photos: [], reason: '' }))).toBe('还有 2 处要补，见红字')
  })
  it('says what was seen', () => {
    expect(toRectification(ordered(), { result: ' 已\u200d更换 ', photos: ['a'], reason: '' }, ['P1.1'])).toEqual({ seen: { version: 2, grade: 'major', state: 'ordered', duty: 'daily', devices: [] }, result: '已更换', photos: ['P1.1'] })
  })
})

describe('an order', () => {
  const draft = { measures: '更换光幕', deadline: '2026-11-24', assignee: '', reason: '' }

  it('needs measures and a deadline that is not past', () => {
    expect(orderFaults(draft, TODAY, false)).toEqual({})
    expect(orderFaults({ ...draft, deadline: TODAY }, TODAY, false)).toEqual({})
    expect(Object.keys(orderFaults({ ...draft, measures: ' ', deadline: '' }, TODAY, false))).toEqual(['measures', 'deadline'])
    expect(orderFaults({ ...draft, deadline: '2026-11-22' }, TODAY, false).deadline).toMatch('不能早于今天')
  })
  it('needs a reason from who found it himself, and sends none otherwise', () => {
    expect(orderFaults(draft, TODAY, true)).toHaveProperty('reason')
    const spoken = { ...draft, reason: '夜班只有一人' }
    expect(orderFaults(spoken, TODAY, true)).toEqual({})
    expect(toOrder(hazard(), spoken, 'P1', true)).toEqual({ seen: { version: 1, grade: 'major', state: 'reported', duty: 'daily', devices: [] }, measures: '更换光幕', deadline: '2026-11-24', assignee: 'P1', same_person_reason: '夜班只有一人' })
    expect(toOrder(hazard(), spoken, undefined, false)).not.toHaveProperty('same_person_reason')
    expect(toOrder(hazard(), spoken, undefined, false)).not.toHaveProperty('assignee')
  })
  it('offers near days across the end of a year', () => {
    expect(deadlineChoices('2026-12-30').map((choice) => choice.value)).toEqual(['2026-12-30', '2026-12-31', '2027-01-02'])
    expect(deadlineChoices('2026-12-31')[1]!.word).toBe('明天 2027-01-01')
  })
})
