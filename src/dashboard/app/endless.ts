// A list that goes on: pages by cursor, the next one read as its end comes into sight.
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

export interface ListPage<T> {
  items: T[];
  nextCursor: string | null;
}

/** What of a list has been read so far; `rows` is undefined until its first page is there. */
export interface Endless<T> {
  rows: T[] | undefined;
  error: Error | null;
  hasMore: boolean;
  isReading: boolean;
  /** The rows are those of an earlier question. */
  isEarlier: boolean;
  readMore(): void;
}

/** @param read a page of the list, from the cursor on */
export function useEndless<T>(
  queryKey: QueryKey,
  read: (cursor: string | undefined) => Promise<ListPage<T>>,
): Endless<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Who has read on is somewhere in the midst of it: new rows at the head would move it.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : 60_000),
  });
  return {
    rows: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    hasMore: query.hasNextPage,
    isReading: query.isFetching,
    isEarlier: query.isPlaceholderData,
    readMore: () => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage()),
  };
}
