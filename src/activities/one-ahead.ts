// Keeps a source one step ahead of its reader: the next page is fetched while this one is written.

/** A failure of the step ahead is told when its turn comes; leaving early waits for it, so that nothing goes on unseen. */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let ahead = start(source);
  try {
    for (;;) {
      const step = await ahead;
      if (step.done) return;
      ahead = start(source);
      yield step.value;
    }
  } finally {
    await ahead.catch(() => {});
    await source.return(undefined);
  }
}

function start<T>(source: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  const step = source.next();
  step.catch(() => {});
  return step;
}
