/** What a browser's keyboard does with elements that are buttons by their role only. WeChat has no such keyboard. */

// #ifdef H5
const PRESSED = ['button', 'link', 'tab', 'radio', 'checkbox', 'switch'].map((role) => `[role=${role}]`).join()
const HEARS_ITSELF = 'button, input, textarea, select, a[href]'
const STOPS = ['[tabindex]', 'input', 'textarea', 'select', 'button', 'a[href]'].map((stop) => `${stop}:not([tabindex="-1"])`).join()

let down: Element | null = null
// #endif

export function watchKeyboard(): void {
  // #ifdef H5
  document.addEventListener('keydown', (event) => {
    // A word being composed, and the wheel of uni-h5, take the keys for themselves.
    if (event.isComposing || document.querySelector('uni-app > .uni-picker-container')) return
    if (event.key === 'Tab') stayInside(event)
    else if (event.key === 'Escape') leave()
    else if (event.key === 'Enter' || event.key === ' ') press(event)
  })
  // The click waits for the key to come up: the wheel it may open would take that for a choice.
  document.addEventListener('keyup', (event) => {
    const pressed = down
    if (event.key !== 'Enter' && event.key !== ' ') return
    down = null
    if (pressed && pressed === document.activeElement) (pressed as HTMLElement).click()
  })
  // #endif
}

// #ifdef H5
function press(event: KeyboardEvent): void {
  const on = document.activeElement
  if (!on?.matches(PRESSED) || on.matches(HEARS_ITSELF)) return
  // A space would scroll the page.
  event.preventDefault()
  if (!event.repeat) down = on
}

/** A sheet over the page: what lies behind it is out of reach while it is there. */
export interface Modal { box: HTMLElement; scrim: HTMLElement; leave: () => void }

const modals: (Modal & { before: Element | null })[] = []
const stilled: Element[] = []

export function raise(modal: Modal): void {
  // A page that is not shown has its sheets too; they take the keys when it is.
  if (!modal.box.isConnected || modals.some(({ box }) => box === modal.box)) return
  modals.push({ ...modal, before: document.activeElement })
  modal.box.tabIndex = -1
  settle()
}

export function lower(box: HTMLElement): void {
  const lowered = modals.find((modal) => modal.box === box)
  if (!lowered) return
  modals.splice(modals.indexOf(lowered), 1)
  settle()
  const { before } = lowered
  if (before?.isConnected && !before.closest('[inert]')) focusOn(before)
}

/** The last in the document lies above all others, whichever was opened first. */
function topmost(): Modal | undefined {
  const inOrder = (one: Modal, other: Modal) => (one.box.compareDocumentPosition(other.box) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1)
  return [...modals].sort(inOrder).pop()
}

function settle(): void {
  for (const element of stilled.splice(0)) element.removeAttribute('inert')
  const top = topmost()
  if (!top) return
  for (const element of behind(top)) {
    if (element.hasAttribute('inert')) continue
    element.setAttribute('inert', '')
    stilled.push(element)
  }
  if (!top.box.contains(document.activeElement)) focusOn(top.box)
}

/** Everything of its page beside it. What uni-h5 lays over all pages, a toast or a wheel, stays as it is. */
function behind({ box, scrim }: Modal): Element[] {
  const found: Element[] = []
  for (let node: Element = box; node.parentElement && !node.matches('.screen'); node = node.parentElement) {
    found.push(...Array.from(node.parentElement.children).filter((sibling) => sibling !== node && sibling !== scrim))
  }
  return found
}

const focusOn = (element: Element) => (element as HTMLElement).focus({ preventScroll: true })

/** Whether the keys go to this sheet, and not to something that lies over all pages. */
const hears = ({ box }: Modal) => document.activeElement === document.body || box.contains(document.activeElement)

function leave(): void {
  const top = topmost()
  if (top && hears(top)) top.leave()
}

function stayInside(event: KeyboardEvent): void {
  const top = topmost()
  if (!top || !hears(top)) return
  const stops = Array.from(top.box.querySelectorAll(STOPS))
  const [first, last] = event.shiftKey ? [stops[stops.length - 1], stops[0]] : [stops[0], stops[stops.length - 1]]
  const within = stops.includes(document.activeElement!) && document.activeElement !== last
  if (within || !first) return
  event.preventDefault()
  focusOn(first)
}
// #endif
