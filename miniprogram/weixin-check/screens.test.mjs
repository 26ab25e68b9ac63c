/** What people see and do on the compiled pages: read, tapped, read again. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { HAZARD, WEEKLY_HAZARD, ITEMS, RECORD, TODAY, WEEK, WEEKLY_RECORD } from './api.mjs'
import { Phone } from './phone.mjs'

let phone
const show = async (role, path, query, held) => (phone = await new Phone(role, held).open(path, query))
const says = (...words) => words.forEach((word) => assert.ok(phone.text.includes(word), `“${word}” is not on ${phone.page.path}: ${phone.text}`))
const saysNot = (...words) => words.forEach((word) => assert.ok(!phone.text.includes(word), `“${word}” is on ${phone.page.path}`))
const leadsTo = (url) => assert.equal(phone.visited.at(-1), url)
const sent = (path) => phone.asked.filter(({ url, method }) => method === 'POST' && url.endsWith(path)).map(({ data }) => data)
const parcels = () => [...phone.storage.keys()].filter((key) => key.startsWith('parcel:'))
const TASK = { duty: 'daily', due: TODAY, target: 'E1' }
const CLEAN_WEEK = {
  owner: 'U1/P1/officer', duty: 'weekly', due: WEEK, target: '3000', state: 'in_use', reason: '', checklist: `${'a'.repeat(64)}.${'b'.repeat(64)}`, remarks: {}, at: 2,
  answers: Object.fromEntries(ITEMS.map(({ code }) => [code, { result: 'pass', photos: [], seconds: 2 }])),
}

afterEach(() => assert.deepEqual(phone.faults(), []))

test('home, logged out: the way in asks for the phone number, after consent', async () => {
  await show(null, 'pages/home/index')
  says('每天查到位', '请先进行登录')
  await phone.tap('请先进行登录')
  says('绑定微信，登录', '请先勾选同意')
  await phone.tap('已阅读并同意')
  says('微信手机号一键登录')
  saysNot('请先勾选同意')
})

test('home, logged out: the number that WeChat shows lets him in', async () => {
  let bound = false
  const mishap = ({ url, data }) => {
    if (url.endsWith('/login') && data.phone_code) bound = true
    phone.role = bound ? 'officer' : null
    return null
  }
  await show(null, 'pages/home/index', {}, { mishap })
  await phone.tap('请先进行登录')
  await phone.tap('已阅读并同意')
  await phone.happen(phone.find('微信手机号一键登录'), 'getphonenumber', { detail: { code: 'phone-code' } })
  assert.equal(sent('/v1/login').at(-1).phone_code, 'phone-code')
})

test('home: an officer sees his day and the next thing to do', async () => {
  await show('officer', 'pages/home/index')
  says('海河大厦物业', '电梯安全员', '王建国', '今日已查', '1/3', '余 2', '漏检可以补录', '1 号客梯')
  await phone.tap('开始巡查')
  leadsTo('/pages/inspections/target?duty=daily&due=2026-11-23&target=E1')
})

test('home: a director is asked for his orders', async () => {
  await show('director', 'pages/home/index')
  says('电梯安全总监', '1+ 条日隐患等您下达措施', '重大日隐患没有整改完成', '2 号客梯，已停用：轿厢内报警装置失效')
  saysNot('开始巡查')
  await phone.tap('下达整改措施（1+）')
  leadsTo(`/pages/hazards/order?hazard=${encodeURIComponent(HAZARD)}`)
})

test('home: an administrator is told how the unit is kept', async () => {
  await show('administrator', 'pages/home/index')
  says('单位资料')
  saysNot('今日已查', '待整改')
})

test('clocks: home tells what has expired, and leads to the list and on to the check', async () => {
  await show('officer', 'pages/home/index')
  says('1+ 台设备检验已过期', '2 号客梯：已过期 22 天')
  await phone.tap('1+ 台设备检验已过期')
  await phone.follow()
  says('检验和许可到期', '已过期', '1+ 项', '下次检验 11-01')
  await phone.tap('2 号客梯')
  await phone.follow()
  says('检验已过期，建议停用', '仍可检查；停用请在“开始巡查”里选择。')
})

test('daily control: what is left comes first, and leads to its target', async () => {
  await show('officer', 'pages/daily/index')
  says('1 / 3', '1 号客梯', '待完成', '货梯', '停用中', '1 条隐患')
  assert.ok(phone.text.indexOf('1 号客梯') < phone.text.indexOf('2 号客梯'))
  await phone.tap('1 号客梯')
  leadsTo('/pages/inspections/target?duty=daily&due=2026-11-23&target=E1')
})

test('a whole inspection: from its target, over a 重大 with its photo, to the receipt of the unit', async () => {
  await show('officer', 'pages/inspections/target', TASK)
  says('1 号客梯', '设备代码', '下次检验 2027-03-31')
  await phone.tap('开始巡查·3 项')
  says('今天这台电梯在用吗？', '逐项检查 3 项')
  await phone.tap('开始逐项检查')
  await phone.follow()

  says('第 1 项', '机房通道畅通，照明完好')
  await later(400)
  await phone.tap('合格')
  says('第 2 项', '轿厢内报警装置有效')
  saysNot('无此项C')
  await later(400)
  await phone.tap('合格')
  await later(400)
  says('第 3 项', '层门锁紧装置有效', '重大')
  await phone.tap('不合格')
  await phone.follow()

  says('层门锁紧装置失效', '重大隐患至少 1 张')
  await phone.tap('保存，完成')
  says('还有 3 处要补', '请选择是否停用', '请选择立即处理或待处理')
  await later(400)
  await phone.tap('暂不停用')
  says('写明为什么暂不停用', '已设专人看守')
  await phone.tap('立即停用')
  await phone.tap('待处理')
  await phone.tap('拍照')
  says('1/9', '已上传')
  await phone.tap('停用并上报，完成')
  await phone.follow()

  says('3项已检', '层门锁紧装置失效', '待处理·照片 1 张', '提交后这台电梯转为停用')
  await phone.tap('立即提交，去签字')
  await phone.follow()

  says('电梯每日安全检查记录', '合格 2·不合格 1·无此项 0', '请在虚线上方手写签名')
  await phone.tap('提交')
  assert.deepEqual(sent('/v1/inspections'), [])
  await phone.sign()
  await phone.tap('提交')
  assert.ok(phone.strokes.length > 10)
  await phone.follow()

  says('单位 09:31 收到', '王建国', '20261123-E1-01', '这台电梯已因重大隐患停用')
  const [request] = sent('/v1/inspections')
  assert.deepEqual(request.answers.map(({ item, result, handling, photos }) => [item, result, handling, photos?.length]), [
    ['DT-01', 'pass', undefined, undefined], ['DT-07', 'pass', undefined, undefined], ['DT-12', 'fail', 'pending', 1],
  ])
  assert.deepEqual([request.stop_use, request.kept_in_use], [true, undefined])
  assert.match(request.signature, /^P1\.\d{32}$/)
  assert.deepEqual(phone.uploads.map(({ name, formData }) => [name, Object.keys(formData)]), [['file', ['key']], ['file', ['key']]])
  assert.deepEqual([...phone.files], [])
})

test('an inspection without a network is kept, says so, and goes when the app is opened with one', async () => {
  const answers = Object.fromEntries(['DT-01', 'DT-07', 'DT-12'].map((code) => [code, { result: 'pass', photos: [], seconds: 3 }]))
  const seed = { [`draft:U1/P1/officer:daily/${TODAY}/E1`]: { owner: 'U1/P1/officer', ...TASK, state: 'in_use', reason: '', checklist: 'a'.repeat(64), answers, remarks: {}, at: 2 } }
  await show('officer', 'pages/inspections/sign', TASK, { seed })
  phone.online = false
  await phone.sign()
  await phone.tap('提交')
  await phone.follow()
  says('存在本机，还没有交到单位')
  saysNot('收到')
  phone.online = true
  phone.start()
  await phone.open('pages/home/index')
  assert.equal(sent('/v1/inspections').length, 1)
  assert.deepEqual(parcels(), [])
})

test('a suspended target: said once a day with one tap', async () => {
  await show('officer', 'pages/inspections/target', { ...TASK, target: 'E3' })
  says('停用中', '停产检修')
  await phone.tap('今天仍停用，已到场确认')
  const [{ state, reason, answers, signature }] = sent('/v1/inspections')
  assert.deepEqual([state, reason, answers, signature], ['suspended', '停产检修', undefined, undefined])
})

test('hazards: an officer puts right what was ordered, with a photo', async () => {
  await show('officer', 'pages/hazards/index', { state: 'ordered' })
  says('待整改', '轿厢内报警装置失效', '逾期 1 天')
  await phone.tap('轿厢内报警装置失效')
  await phone.follow()
  says('联系维保单位更换', '李红梅', '整改结果')
  await phone.type('wx-textarea', '已更换报警装置，试验正常')
  await phone.tap('拍照')
  says('1/9')
  await phone.tap('确认完成整改')
  await phone.tap('确认完成')
  const [request] = sent('/rectification')
  assert.deepEqual([request.result, request.photos.length, request.seen], ['已更换报警装置，试验正常', 1, { version: 2, grade: 'major', state: 'ordered', duty: 'daily', devices: [] }])
})

test('hazards: the assignee asks for more time', async () => {
  await show('officer', 'pages/hazards/detail', { hazard: HAZARD })
  await phone.tap('申请延期')
  says('由安全总监答复', '延到哪一天')
  await phone.tap('延 7 天')
  await phone.tap('等配件到货')
  await phone.tap('申请延期')
  const [asked] = sent('/extension')
  assert.deepEqual([asked.until, asked.reason.includes('等配件到货'), asked.seen.state], ['2026-11-30', true, 'ordered'])
})

test('hazards: who leads grades anew, with a reason', async () => {
  await show('director', 'pages/hazards/detail', { hazard: HAZARD })
  await phone.tap('调整等级')
  says('现在就是这个等级')
  await phone.tap('较大')
  await phone.type('wx-textarea', '现场看过，只影响一层')
  await phone.tap('调整等级')
  const [asked] = sent('/grade')
  assert.deepEqual([asked.grade, asked.reason], ['serious', '现场看过，只影响一层'])
})

test('hazards: a director confirms what a week found, and says why it was himself', async () => {
  await show('director', 'pages/hazards/index', { duty: 'weekly' })
  says('周隐患管理', '没有定期限', '涉及 1 台')
  await show('director', 'pages/hazards/detail', { hazard: WEEKLY_HAZARD })
  says('涉及设备：1 号客梯', '发现人和确认人是同一人')
  await phone.tap('确认完成整改')
  says('发现人和确认人是同一人，请写明原因')
  assert.deepEqual(sent('/rectification'), [])
})

test('unit set-up: home tells what is missing, and a tap which equipment is meant', async () => {
  await show('administrator', 'pages/home/index')
  says('单位资料', '2 类要处理', '3 台，2 台资料齐全', '货梯没有下次检验日期')
  await phone.tap('2 号客梯检验已过期')
  await phone.follow()
  says('检验合格后，按检验报告改“下次检验日期”。', '编号 E2·1 号楼大堂', '已过期 22 天')
})

test('unit set-up: an item is added to a list, on top of the version that was seen', async () => {
  await show('administrator', 'pages/setup/index')
  says('自定义清单', '固定 3 项', '自定义 1 项')
  await phone.tap('电梯')
  await phone.follow()
  says('候梯厅有人值守', '自 12-01 起停用', '由一般调高')
  await phone.tap('添加一项')
  await phone.follow()
  await phone.tap('添加这一项')
  says('请选择归在哪一类')
  await phone.tap('环境')
  await phone.type('wx-textarea', '雨后检查底坑无积水')
  assert.deepEqual(sent('/v1/custom-lists/daily/3000'), [])
})

test('hazards: a director orders measures with a deadline', async () => {
  await show('director', 'pages/hazards/order', { hazard: HAZARD })
  says('整改措施', '王建国', '周海')
  await phone.tap('下达整改措施')
  assert.deepEqual(sent('/order'), [])
  await phone.type('wx-textarea', '更换报警装置，三天内完成')
  await phone.tap('明天')
  await phone.tap('下达整改措施')
  const [order] = sent('/order')
  assert.deepEqual([order.measures, order.deadline, order.seen], ['更换报警装置，三天内完成', '2026-11-24', { version: 1, grade: 'major', state: 'reported', duty: 'daily', devices: [] }])
})

test('records: from the target to the whole record', async () => {
  await show('principal', 'pages/records/index')
  says('1 号客梯', '2 号客梯', '货梯', '停用')
  await phone.tap('1 号客梯')
  await phone.follow()
  says('11-23', '零风险', '2 条隐患', '补录')
  await show('principal', 'pages/records/detail', { target: 'E1', record: RECORD })
  says('电梯每日安全检查记录', '补充记录，首次由周海 08:20 提交', '08:46:00', 'DT-07')
  await phone.tap('只看不合格')
  saysNot('机房通道畅通')
})

test('records: their maker corrects one, going over what was answered', async () => {
  await show('officer', 'pages/records/detail', { target: 'E1', record: RECORD })
  says('第 2 版', '更正原因', '看错了一项', '第 1 版')
  await phone.tap('更正')
  says('更正后成为第 3 版')
  await phone.tap('开始更正')
  says('写明为什么更正')
  await phone.type('wx-textarea', '层门锁紧装置是合格的')
  await phone.tap('开始更正')
  await phone.follow()
  // The list allows no 无此项 there any more.
  says('确认巡查情况', '3项已检', '还有 1 项要改')
  await phone.tap('去改第 3 项')
  await phone.follow()
  await later(400)
  await phone.tap('合格')
  await phone.follow()
  says('提交后成为第 3 版')
  await phone.tap('立即提交，去签字')
  await phone.follow()
  await phone.sign()
  await phone.tap('提交')
  await phone.follow()
  says('已更正，成为第 3 版')
  const [request] = sent('/v1/inspections')
  assert.deepEqual([request.correction, request.answers.length, request.answers[1].photos.length], [{ version: 2, reason: '层门锁紧装置是合格的' }, 3, 1])
})

test('large type and the dark, as the phone has them', async () => {
  const shown = new Phone('officer')
  Object.assign(shown, { theme: 'dark', fontSize: 23 })
  shown.start()
  phone = await shown.open('pages/home/index')
  const frame = phone.page.box.querySelector('wx-view')
  assert.match(frame.className, /is-large/)
  assert.match(frame.className, /is-dark/)
})

test('to-dos: every kind of row, and what can still be made good', async () => {
  await show('officer', 'pages/todos/index')
  says('日管控', '余 2', '周排查', '11-29（周日）前·余 1', '补录', '余 2', '漏检', '可补录至 11-24 24:00', '第 47 周 周排查', '已办', '逾期 1 天')
  await phone.tap('货梯')
  leadsTo('/pages/inspections/target?duty=daily&due=2026-11-23&target=E3')
})

const REFUSED = {
  [`parcel:U1/P1/officer:daily/${TODAY}/E1`]: {
    owner: 'U1/P1/officer', key: `daily/${TODAY}/E1`, name: '1 号客梯', kind: '3000', unit_kind: 'use', signature: 'sign.png', signedAt: `${TODAY}T01:00:00.000Z`, state: 'refused',
    draft: { owner: 'U1/P1/officer', ...TASK, state: 'in_use', reason: '', checklist: 'a'.repeat(64), answers: { 'DT-01': { result: 'pass', photos: [], seconds: 3 } }, remarks: {}, at: 0 },
    trouble: { code: 'inspection.answers', sentence: '有 2 处需要补充，请按提示改好再提交。', at: `${TODAY}T01:00:09.000Z` },
  },
}

test('a kind: from the list to its items, and in without a signature', async () => {
  await show('officer', 'pages/kinds/index', { duty: 'weekly' })
  says('第 48 周', '11-23 ～ 11-29', '您的周排查 0 / 1', '补录', '可补录至 11-24 24:00')
  await phone.tap('开始查电梯')
  leadsTo(`/pages/inspections/item?duty=weekly&due=${WEEK}&target=3000`)
  await phone.follow()
  says('第 1 项', '机房通道畅通')
  assert.ok(phone.storage.has(`draft:U1/P1/officer:weekly/${WEEK}/3000`))
  await show('officer', 'pages/inspections/sign', { duty: 'weekly', due: WEEK, target: '3000' }, { seed: { [`draft:U1/P1/officer:weekly/${WEEK}/3000`]: CLEAN_WEEK } })
  says('每周电梯安全排查治理报告', '签字可选，提交不需要签字')
  await phone.tap('提交')
  const [parcel] = parcels().map((key) => JSON.parse(phone.storage.get(key)))
  assert.deepEqual([parcel.key, parcel.signature], [`weekly/${WEEK}/3000`, undefined])
})

test('a kind: who leads sees how far each officer is', async () => {
  await show('director', 'pages/kinds/index', { duty: 'weekly' })
  says('安全员 3 / 5')
  saysNot('周海')
  await phone.tap('看每个人')
  says('王建国', '周海')
})

test('to-dos: a report leads to its form, minutes that were sent back come first', async () => {
  await show('director', 'pages/todos/index')
  says('周报告', '第 47 周 11-16 ～ 11-22', '月报告', '11 月调度会议纪要', '退回原因：照片不清楚')
  saysNot('下一版开放填写')
  await phone.tap('第 47 周')
  leadsTo(`/pages/reports/weekly?duty=weekly_report&due=${WEEK}&kind=3000`)
})

test('reports: a director fills in the week, signs and saves it', async () => {
  await show('director', 'pages/reports/weekly', { duty: 'weekly_report', due: WEEK, kind: '3000' })
  says('每周电梯安全排查治理报告', '第 47 周', '排查台数', '安全员周排查 3 / 4', '以前发现', '有 1 条较大隐患未整改')
  await phone.tap('存在安全风险隐患')
  await phone.tap('组织一次应急演练')
  await phone.sign()
  await phone.tap('保存周报告')
  says('第 47 周 周报告已保存', 'ZBG-20261123-3000-01')
  const [body] = sent('/v1/weekly_reports')
  assert.deepEqual(body.reports, [{ kind: '3000', seen: 'a'.repeat(64), summary: '本周期共排查 2 台电梯。', evaluation: 'at_risk', focus: '组织一次应急演练' }])
})

test('reports: the principal sends minutes back with a reason, or signs them', async () => {
  await show('principal', 'pages/home/index')
  says('待签')
  await phone.tap('签 11 月月报告')
  await phone.follow()
  says('会上定了三件事', '等主要负责人签字')
  await phone.tap('退回修改')
  await phone.tap('缺少参会人员')
  await phone.tap('退回修改')
  assert.deepEqual(sent('/return'), [{ version: 1, reason: '缺少参会人员' }])
  await phone.sign()
  await phone.tap('生成月调度报告')
  says('11 月 月报告已生成')
  assert.deepEqual(sent('/signature').map(({ version, kinds }) => [version, kinds]), [[1, [{ kind: '3000', seen: 'a'.repeat(64) }]]])
})

test('reports: one whole, its numbers beside those of now', async () => {
  await show('director', 'pages/reports/history', { duty: 'weekly_report', kind: '3000' })
  says('应由李红梅（安全总监）填写')
  await phone.tap('今天 09:40')
  await phone.follow()
  says('保存时', '现在', '1 项现在不一样了，报告上的不改', '理由：已设专人看守', '存证编号')
})

test('records of a kind: in which post, and what was missed', async () => {
  await show('principal', 'pages/records/index', { duty: 'weekly' })
  says('周排查记录', '电梯')
  await phone.tap('电梯')
  await phone.follow()
  says('王建国（安全员）', '李红梅（安全总监）', '漏检', '应由王建国（安全员）检查', '系统当周没有派发给安全员，不算个人漏检')
  await show('principal', 'pages/records/detail', { target: '3000', record: WEEKLY_RECORD })
  says('每周电梯安全排查治理报告', '第 48 周', '整改期限：2026-11-30', '涉及：')
})

test('the outbox: what was refused says why, and is changed', async () => {
  await show('officer', 'pages/outbox/index', {}, { seed: REFUSED })
  says('1 号客梯', '有 2 处需要补充，请按提示改好再提交。')
  await phone.tap('1 号客梯')
  await phone.tap('改后再交')
  assert.deepEqual(parcels(), [])
  assert.ok(phone.storage.has(`draft:U1/P1/officer:daily/${TODAY}/E1`))
})

test('home says what was refused before anything else', async () => {
  await show('officer', 'pages/home/index', {}, { seed: REFUSED })
  says('1 条记录没有交上去')
})

test('my page: who he is, and nobody after logging out', async () => {
  await show('officer', 'pages/me/index')
  says('王建国', '电梯安全员', '2 个任职，1 个单位', '可以退出')
  await phone.tap('退出登录')
  says('先不退出')
  await phone.tap('退出登录')
  assert.equal(phone.storage.has('login'), false)
  leadsTo('relaunch /pages/home/index')
})

test('several memberships: one is chosen, and acted in', async () => {
  await show('officer', 'pages/login/membership')
  says('您有 2 个任职', '电梯安全员', '电梯安全总监')
  await phone.tap('电梯安全总监')
  assert.deepEqual(sent('/membership'), [{ unit: 'U1', role: 'director' }])
  assert.equal(JSON.parse(phone.storage.get('login')).answer.membership.role, 'director')
})

test('a target by its code', async () => {
  await show('officer', 'pages/daily/code')
  await phone.type('wx-input', '客梯')
  await phone.tap('打开这台设备')
  says('1 号客梯', '2 号客梯')
  await phone.tap('1 号客梯')
  leadsTo('/pages/inspections/target?duty=daily&due=2026-11-23&target=E1')
})

test("statistics: from the home's figure to the missed check behind a bar", async () => {
  await show('principal', 'pages/home/index')
  says('93.7%', '本月完成率', '4本月漏检')
  await phone.tap('本月漏检')
  await phone.follow()
  says('完成率 =（按时 + 补录）÷（应查 66 − 停用 2）。', '零风险', '55 次', '46 周', '未定', '11-03 到期的，系统没有派发', '安全员 3/4，漏 1', '王建国', '2.0 天', '看逾期隐患（1）')
  await phone.tap('场车')
  says('这段时间没有到期的日管控。')
  await phone.tap('全部种类')
  await phone.tap('46 周')
  await phone.follow()
  says('11-09 ～ 11-15', '1 号客梯', '应由王建国检查', '可补录至 11-24 24:00')
  await phone.tap('1 号客梯')
  leadsTo('/pages/records/target?duty=daily&due=2026-11-22&target=E1')
})

test('statistics: days of his own choice', async () => {
  await show('principal', 'pages/statistics/index')
  await phone.tap('选时段')
  says('从哪天', '2026-11-01 周日')
  await phone.tap('看这段时间')
  assert.ok(phone.asked.at(-1).url.endsWith('since=2026-11-01&until=2026-11-23'), phone.asked.at(-1).url)
})

/** A turned page takes no tap for the blink of an eye. */
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
