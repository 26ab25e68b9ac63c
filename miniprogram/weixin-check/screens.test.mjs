import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { Phone } from './phone.mjs'

let phone
afterEach(() => assert.deepEqual(phone.faults(), []))
const says = (...words) => words.forEach((word) => assert.ok(phone.text.includes(word), `“${word}” is not on ${phone.page.path}: ${phone.text}`))
const saysNot = (...words) => words.forEach((word) => assert.ok(!phone.text.includes(word), `“${word}” is on ${phone.page.path}`))

test('home: nobody is logged in, and the way in asks for the phone number', async () => {
  phone = await new Phone().open('pages/home/index')
  says('每天查到位', '请先进行登录')
  await phone.tap('请先进行登录')
  says('绑定微信，登录', '请先勾选同意')
  await phone.tap('已阅读并同意')
  says('微信手机号一键登录')
  saysNot('请先勾选同意')
})

test('home: an officer sees his day and the next thing to do', async () => {
  phone = await new Phone('officer').open('pages/home/index')
  says('海河大厦物业', '电梯安全员 · 王建国', '今日已查', '1/3', '余 2', '下一项', '1 号客梯', '开始巡查')
  await phone.tap('开始巡查')
  assert.equal(phone.visited.at(-1), '/pages/inspections/target?duty=daily&due=2026-11-23&target=E1')
})
