// Keeps a source ahead of its reader: what comes next is made while this is used.

/**
 * Steps of the source come one after another, never two at a time. A failure is told when its turn comes; leaving early
 * waits for the step under way, so that nothing goes on unseen.
 * @param enough no further step begins while items of so much size wait to be taken
 */
export async function* ahead<T>(
  source: AsyncGenerator<T>,
  enough: number,
  sizeOf: (item: T) => number,
): AsyncGenerator<T> {
  const waiting: T[] = [];
  const state = { size: 0, isOver: false, step: null as Promise<void> | null };
  const begin = (): void => {
    if (state.step !== null || state.isOver || state.size >= enough) return;
    state.step = source.next().then((result) => {
      state.step = null;
      if (result.done) {
        state.isOver = true;
        return;
      }
      waiting.push(result.value);
      state.size += sizeOf(result.value);
      begin();
    });
    state.step.catch(() => {});
  };
  try {
    for (;;) {
      begin();
      while (waiting.length === 0 && !state.isOver) await state.step;
      const item = waiting.shift();
      if (item === undefined) return;
      state.size -= sizeOf(item);
      begin();
      yield item;
    }
  } finally {
    state.isOver = true;
    await state.step?.catch(() => {});
    await source.return(undefined);
  }
}
