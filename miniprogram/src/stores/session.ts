import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { login as api, type LoginAnswer, type Membership, type Session } from '@/api'
import { actAs, Elsewhere, passing, Refused, Unreachable } from '@/api/door'
import { openRoot } from '@/platform/places'
import { knowsWho, loginCodes, putDown, type Codes } from '@/platform/wechat'
import { cache, forget, recall, whenChangedElsewhere } from '@/platform/storage'
import { dateOf } from '@/rules/dates'

interface Held { answer: LoginAnswer; since: number }

/** Tokens live a quarter of an hour from when they were handed out, whatever this phone's clock says. */
const FRESH = 10 * 60_000
const LIFE = 15 * 60_000

/** What became of a tap on login. `phone`: the number has to be shown first. `left`: he turned away. */
export type Entry = 'in' | 'choose' | 'phone' | 'left'

/** Who acts, in which membership. */
export const useSession = defineStore('session', () => {
  const held = shallowRef<Held | null>(recall<Held>('login'))
  const session = ref<Session | null>(recall<Session>('session'))
  const expired = ref(false)
  /** The unit has ended the membership he acts in: nothing of it can be handed in any more. */
  const ended = ref(false)
  /** He was asked to log in again and goes on without for now. */
  const postponed = ref(false)
  watch(held, (now) => (now ? cache('login', now) : forget('login')))
  watch(session, (now) => (now ? cache('session', now) : forget('session')))

  const membership = computed<Membership | null>(() => held.value?.answer.membership ?? null)
  const memberships = computed<Membership[]>(() => held.value?.answer.memberships ?? [])
  /** Those he can still act in, as far as is known. */
  const living = computed(() => memberships.value.filter((one) => !(ended.value && ownerOf(one) === owner.value)))
  const role = computed(() => membership.value?.role)
  const person = computed(() => membership.value?.person)
  /** Target kinds without a director, where the principal does his work; everybody knows them. */
  const standsIn = computed<string[]>(() => session.value?.stands_in ?? [])
  const today = ref(dateOf(Date.now()))
  const phoneDay = ref(today.value)
  /** The day that what is signed now is judged by: today moves only with an answer of the unit, and there may be no network overnight. */
  const signingDay = computed(() => (phoneDay.value > today.value ? phoneDay.value : today.value))
  const readClock = () => void (phoneDay.value = dateOf(Date.now()))
  /** Under this name everything of this membership is kept on the phone. */
  const owner = computed(() => (membership.value ? ownerOf(membership.value) : ''))

  // In a browser, whoever logs out or switches in one tab does so in all: no page may go on with what is another's.
  whenChangedElsewhere('login', () => {
    const before = owner.value
    held.value = recall<Held>('login')
    expired.value = postponed.value = false
    if (owner.value === before) return
    session.value = null
    openRoot('home')
  })

  /** Not over what came of a tap meanwhile: who logged out or switched stays where he went. */
  function hold(answer: LoginAnswer, mine = owner.value) {
    if (mine !== owner.value) throw new Elsewhere()
    held.value = { answer, since: Date.now() }
    expired.value = postponed.value = ended.value = false
  }

  /** Log in with a tap. */
  async function enter(phoneCode?: string): Promise<Entry> {
    const codes = await askWeChat()
    if (!codes) return 'left'
    try {
      const before = membership.value
      const answer = await api.login(codes.code, phoneCode ?? codes.phoneCode)
      return settle(answer, before)
    } catch (error) {
      if (error instanceof Refused && error.code === 'login.phone_needed') return 'phone'
      throw error
    }
  }

  async function settle(answer: LoginAnswer, before: Membership | null): Promise<Entry> {
    if (before && (await resume(answer, before))) return 'in'
    session.value = null
    hold(answer)
    return answer.memberships.length > 1 ? 'choose' : 'in'
  }

  /** Act on in the membership of before; false when he no longer has it. */
  async function resume(answer: LoginAnswer, before: Membership): Promise<boolean> {
    const same = answer.memberships.find((one) => ownerOf(one) === ownerOf(before))
    if (!same) return false
    const isSame = ownerOf(answer.membership) === ownerOf(same)
    hold(isSame ? answer : await api.switchTo(answer.token, same.unit, same.role), ownerOf(before))
    return true
  }

  async function choose(member: Membership): Promise<void> {
    if (ownerOf(member) === owner.value) return
    const mine = owner.value
    const answer = await api.switchTo(await bearer(mine), member.unit, member.role)
    hold(answer, mine)
    session.value = null
  }

  /** Menu, tabs, contact and today's date of the membership. */
  async function load(): Promise<void> {
    const mine = owner.value
    const answer = await api.session()
    if (mine !== owner.value) return
    session.value = answer
    today.value = answer.today
  }

  /** What is held for this owner; nothing is done in the name of another. */
  function heldFor(mine: string): Held {
    if (!held.value || mine !== owner.value) throw new Elsewhere()
    return held.value
  }

  const renewals = new Map<string, Promise<boolean>>()
  /** One renewal at a time, whoever asks. */
  function renew(mine: string): Promise<boolean> {
    const begun = renewals.get(mine) ?? renewOnce(mine).finally(() => renewals.delete(mine))
    renewals.set(mine, begun)
    return begun
  }

  async function renewOnce(mine: string): Promise<boolean> {
    const began = heldFor(mine)
    if (expired.value) return false
    try {
      if ((await refreshed(began, mine)) || (await returned(began.answer.membership))) return true
    } catch (error) {
      // No answer says nothing about the session.
      if (passing(error)) throw error
      ended.value = error instanceof Refused && error.code === 'login.phone_unknown'
    }
    // He has logged in again meanwhile: what failed was the former session.
    if (heldFor(mine) !== began) return true
    expired.value = true
    return false
  }

  /** Back without a tap, but never in another membership: what is on its way was meant for this one. */
  async function returned(before: Membership): Promise<boolean> {
    const codes = knowsWho() ? await askWeChat() : null
    if (!codes) return false
    const back = await resume(await api.login(codes.code, codes.phoneCode), before)
    ended.value = !back
    return back
  }

  async function refreshed(began: Held, mine: string): Promise<boolean> {
    if (Date.now() - began.since > LIFE) return false
    try {
      hold(await api.refresh(began.answer.token), mine)
      return true
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return false
      throw error
    }
  }

  async function bearer(mine: string): Promise<string> {
    if (!mine) throw new Refused(401, 'session.missing', '还没有登录，请先登录。')
    const age = Date.now() - heldFor(mine).since
    if (age > FRESH && !expired.value) {
      // A token that still lives needs no renewal to be used.
      await renew(mine).catch((error) => { if (age > LIFE || error instanceof Elsewhere) throw error })
    }
    return heldFor(mine).answer.token
  }

  function leave() {
    held.value = null
    session.value = null
    expired.value = postponed.value = ended.value = false
    putDown()
  }

  actAs({ owner: () => owner.value, token: bearer, renew })
  return { held, session, expired, postponed, membership, memberships, living, role, person, standsIn, owner, today, signingDay, readClock, enter, choose, load, renew, leave }
})

/** WeChat fails in words of its own; to a person it is the network. */
async function askWeChat(): Promise<Codes | null> {
  try {
    return await loginCodes()
  } catch {
    throw new Unreachable('微信没有应答，请检查网络后再试一次。')
  }
}

export function ownerOf(member: { unit: string; person: string; role: string }): string {
  return `${member.unit}/${member.person}/${member.role}`
}
