/** One tab of a browser at a time; WeChat runs the app once. */
export function exclusively<T>(name: string, act: () => Promise<T>): Promise<T> {
  // #ifdef H5
  // Browsers have locks only where the page came over TLS or from the same machine.
  if (navigator.locks) return navigator.locks.request(name, act) as Promise<T>
  // #endif
  return act()
}
