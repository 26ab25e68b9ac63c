let count = 0

/** A name that no other picture on this phone has. */
export const newName = () => `${Date.now().toString(36)}${(count++).toString(36)}${Math.random().toString(36).slice(2, 8)}`
