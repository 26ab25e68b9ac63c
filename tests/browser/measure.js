// What a thumb or an eye would stumble over: too small, beyond the edge (but in what scrolls sideways by itself), scrolling sideways.
({ type, target }) => {
  const TAPPED = '[role=button], [role=link], [role=tab], [role=radio], [role=checkbox], [role=switch], uni-button'
  const wide = document.documentElement.clientWidth
  const found = []
  const seen = (element) => element.getClientRects().length && getComputedStyle(element).visibility !== 'hidden'
  const says = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())

  for (const element of [...document.querySelectorAll('uni-page-body *')].filter(seen)) {
    const box = element.getBoundingClientRect()
    const size = parseFloat(getComputedStyle(element).fontSize)
    const tell = (fault) => found.push(`${fault}: ${element.outerHTML.slice(0, 120)}`)
    if (says(element) && size < type) tell(`${size} px type`)
    if (element.matches(TAPPED) && Math.min(box.width, box.height) < target - 0.5) tell(`${box.width} x ${box.height} px target`)
    if (box.width && !element.closest('.pills, .columns') && (box.left < -1 || box.right > wide + 1)) tell('beyond the edge')
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways')
  return found
}
