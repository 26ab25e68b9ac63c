// A page that turns in is half transparent for a moment; what turns for ever is not waited for.
() => {
  const ends = (animation) => animation.effect?.getTiming().iterations !== Infinity
  return Promise.all(document.getAnimations().filter(ends).map((animation) => animation.finished.catch(() => null)))
}
