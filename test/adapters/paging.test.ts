// Paging ends whatever a tracker says, and loses nothing where it keeps its word.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cursor,
  firstCursor,
  isHeldBack,
  limitOf,
  mayLackRows,
  nextCursor,
  type Paging,
} from '../../src/adapters/paging.ts';
import type { Json } from '../../src/core/resources.ts';

interface Page {
  items: number[];
  total?: number | null;
  body?: Json;
}

type List = (cursor: Cursor) => Page;

/** Reads a list to its end as the engine does; more pages than the guard allows fail the test. */
function readAll(paging: Paging, list: List): number[] {
  const items: number[] = [];
  const most = paging.style === 'whole' ? 1 : paging.maxPages + 1;
  let cursor: Cursor | null = firstCursor(paging);
  for (let pages = 0; cursor !== null; pages++) {
    if (pages > most) throw new Error('it does not end');
    const page = list(cursor);
    const mark = JSON.stringify([page.items.length, page.items[0] ?? null, page.items.at(-1) ?? null]);
    if (mark !== cursor.mark) items.push(...page.items);
    const body = page.body ?? null;
    cursor = nextCursor(paging, cursor, { body, received: page.items.length, total: page.total ?? null, mark });
  }
  return items;
}

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);
const offsetPaging = (limit: number, onRepeat: 'end' | 'fail' = 'fail', maxPages = 500): Paging => ({
  ...{ style: 'offset', limit, maxPages, onRepeat },
});

const totals = {
  honest: (length: number) => length,
  missing: () => null,
  zero: () => 0,
  negative: () => -1,
  half: (length: number) => Math.floor(length / 2),
  double: (length: number) => length * 2 + 1,
};

describe('by offset', () => {
  const length = fc.integer({ min: 0, max: 120 });
  const limit = fc.integer({ min: 1, max: 40 });

  test('full pages lose nothing, whatever the total says', () => {
    fc.assert(
      fc.property(length, limit, fc.constantFrom(...Object.values(totals)), (n, size, total) => {
        const all = count(n);
        const list: List = ({ offset }) => ({ items: all.slice(offset, offset + size), total: total(n) });
        expect(readAll(offsetPaging(size), list)).toEqual(all);
      }),
    );
  });

  test('pages of any length lose nothing where the total is honest or missing', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(length, limit, cuts, fc.constantFrom(totals.honest, totals.missing), (n, size, lengths, total) => {
        const all = count(n);
        let asked = 0;
        const list: List = ({ offset }) => {
          const most = Math.min(size, lengths[asked++ % lengths.length]!);
          return { items: all.slice(offset, offset + most), total: total(n) };
        };
        expect(readAll(offsetPaging(size), list)).toEqual(all);
      }),
    );
  });

  test('a total that is passed already is not believed', () => {
    const all = count(250);
    const list: List = ({ offset }) => ({ items: all.slice(offset, offset + 100), total: 125 });
    expect(readAll(offsetPaging(10_000), list)).toEqual(all);
  });

  test('a total that says the truth saves the empty page', () => {
    let asked = 0;
    const list: List = ({ offset }) => {
      asked++;
      return { items: count(7).slice(offset), total: 7 };
    };
    readAll(offsetPaging(10), list);
    expect(asked).toBe(1);
  });

  test('a list that ignores limit and offset comes once, or is an error, as declared', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), limit, (n, size) => {
        const list: List = () => ({ items: count(n) });
        expect(readAll(offsetPaging(size, 'end'), list)).toEqual(count(n));
        const failing = (): number[] => readAll(offsetPaging(size, 'fail'), list);
        if (n > size) expect(failing()).toEqual(count(n));
        else expect(failing).toThrow('the same page came twice');
      }),
    );
  });

  test('a list that never ends is an error', () => {
    const list: List = ({ offset }) => ({ items: [offset, offset + 1] });
    expect(() => readAll(offsetPaging(2, 'fail', 30), list)).toThrow('more than 30 pages');
  });
});

describe('by page number', () => {
  const paging = (limit: number, more = {}): Paging => ({
    ...{ style: 'page', limit, maxPages: 200, firstPage: 1 },
    ...more,
  });

  test.each([0, 1] as const)('the first page is %i, and nothing is lost', (firstPage) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 1, max: 40 }), (n, size) => {
        const all = count(n);
        const list: List = ({ page }) => ({
          items: all.slice((page - firstPage) * size, (page - firstPage + 1) * size),
        });
        expect(readAll(paging(size, { firstPage }), list)).toEqual(all);
      }),
    );
  });

  test.each<[string, Json | undefined, boolean]>([
    ['true', true, true],
    ['"true"', 'true', true],
    ['1', 1, true],
    ['"1"', '1', true],
    ['false', false, false],
    ['"false"', 'false', false],
    ['0', 0, false],
    ['""', '', false],
  ])('"has more" as %s', (_, value, hasMore) => {
    const full = { body: {}, received: 5, total: null, mark: 'a' };
    const short = { ...full, received: 3 };
    const by = paging(5, { hasMore: () => value });
    expect(nextCursor(by, firstCursor(by), full) !== null).toBe(hasMore);
    expect(nextCursor(by, firstCursor(by), short) !== null).toBe(hasMore);
  });

  test.each([undefined, null])('"has more" as %s: a full page is followed by another, a short one ends', (value) => {
    const by = paging(5, { hasMore: () => value });
    const answer = { body: {}, total: null, mark: 'a' };
    expect(nextCursor(by, firstCursor(by), { ...answer, received: 5 })?.page).toBe(2);
    expect(nextCursor(by, firstCursor(by), { ...answer, received: 3 })).toBeNull();
    expect(nextCursor(by, firstCursor(by), { ...answer, received: 3, total: 9 })?.page).toBe(2);
  });

  test('"has more" for ever ends: in a repeat, or in too many pages', () => {
    const by = paging(2, { hasMore: () => true, maxPages: 30 });
    expect(() => readAll(by, () => ({ items: [1, 2] }))).toThrow('the same page came twice');
    expect(() => readAll(by, ({ page }) => ({ items: [page, page] }))).toThrow('more than 30 pages');
    expect(readAll(by, ({ page }) => ({ items: page === 1 ? [1, 2] : [] }))).toEqual([1, 2]);
  });
});

describe('by token', () => {
  const paging = (more = {}): Paging => ({
    ...{ style: 'token', limit: 2, maxPages: 50, tokenOf: (body: Json) => (body as { next?: Json }).next },
    ...more,
  });
  const chain =
    (tokens: Json[]): List =>
    ({ token }) => {
      const at = token === null ? 0 : tokens.findIndex((entry) => String(entry) === token) + 1;
      const body: Json = at < tokens.length ? { next: tokens[at]! } : {};
      return { items: [at * 2, at * 2 + 1], body };
    };

  test('goes from token to token to the end', () => {
    expect(readAll(paging(), chain(['a', 'b', 'c']))).toEqual(count(8));
  });

  test('zero is a token, as a number and at the start', () => {
    expect(firstCursor(paging({ firstToken: '0' })).token).toBe('0');
    expect(readAll(paging(), chain([0, 1]))).toEqual(count(6));
  });

  test.each<Record<string, Json>>([{}, { next: null }, { next: '' }, { next: false }])('%j is the end', (body) => {
    const list: List = () => ({ items: [1], body });
    expect(readAll(paging(), list)).toEqual([1]);
  });

  test('the same token twice, and tokens in a circle, end in an error', () => {
    let n = 0;
    const fresh = (): number[] => [n++, n++];
    expect(() => readAll(paging(), () => ({ items: fresh(), body: { next: 'a' } }))).toThrow('token came twice');
    const circle: List = ({ token }) => ({ items: fresh(), body: { next: token === 'a' ? 'b' : 'a' } });
    expect(() => readAll(paging(), circle)).toThrow('more than 50 pages');
  });

  test('a short page is not the end, an empty one is', () => {
    const list: List = ({ token }) => ({ items: token === null ? [1] : [], body: { next: 'a' } });
    expect(readAll(paging(), list)).toEqual([1]);
  });
});

test('a whole list is one page', () => {
  let asked = 0;
  expect(
    readAll({ style: 'whole' }, () => {
      asked++;
      return { items: count(5) };
    }),
  ).toEqual(count(5));
  expect([asked, limitOf({ style: 'whole' })]).toEqual([1, 0]);
});

test('any answers at all, in any style, end within the guard', () => {
  const pages = fc.array(
    fc.record({
      items: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
      total: fc.option(fc.integer({ min: -5, max: 50 })),
      body: fc.record({ next: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constantFrom('', 'a', null)) }),
    }),
    { minLength: 1, maxLength: 10 },
  );
  const styles: Paging[] = [
    offsetPaging(3, 'end', 20),
    offsetPaging(3, 'fail', 20),
    { style: 'page', limit: 3, maxPages: 20, firstPage: 0, hasMore: (body) => (body as { next: Json }).next },
    { style: 'token', limit: 3, maxPages: 20, tokenOf: (body) => (body as { next: Json }).next },
  ];
  fc.assert(
    fc.property(pages, fc.constantFrom(...styles), (answers, paging) => {
      let asked = 0;
      try {
        readAll(paging, () => answers[asked++ % answers.length]!);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'bad_answer' });
      }
      expect(asked).toBeLessThanOrEqual(20);
    }),
    { numRuns: 500 },
  );
});

describe('a list that may know no offset', () => {
  const again: Paging = { style: 'offset', limit: 10, maxPages: 50, onRepeat: 'again' };

  test('is whole where its short first page comes three times', () => {
    let calls = 0;
    const list: List = () => {
      calls++;
      return { items: count(7) };
    };
    expect([readAll(again, list), calls]).toEqual([count(7), 3]);
  });

  test('goes on behind a repeat that passes', () => {
    for (const nth of [1, 2, 3]) {
      let [calls, before]: [number, number[]] = [0, []];
      const list: List = ({ offset }) => {
        if (calls++ !== nth) before = count(11).slice(offset, offset + 4);
        return { items: before };
      };
      expect(readAll(again, list)).toEqual(count(11));
    }
  });

  test('contradicts itself where a full page, or a later one, comes again and again', () => {
    expect(() => readAll(again, () => ({ items: count(10) }))).toThrow('the same page came twice');
    const later: List = ({ offset }) => ({ items: offset === 0 ? count(4) : [4, 5] });
    expect(() => readAll(again, later)).toThrow('the same page came twice');
  });
});

describe('cautiously', () => {
  const cautious = (style: 'page' | 'offset', onRepeat: 'end' | 'fail' = 'fail', limit = 10): Paging => ({
    ...(style === 'page' ? { style, firstPage: 1 } : { style }),
    ...{ limit, onRepeat, maxPages: 50, isCautious: true },
  });
  const startOf = ({ page, offset }: Cursor, style: string, size: number): number =>
    style === 'page' ? (page - 1) * size : offset;

  describe.each(['page', 'offset'] as const)('by %s', (style) => {
    test.each(Object.entries(totals))('short pages lose nothing, with a total that is %s', (kind, total) => {
      // Less than asked: the tracker's own limit. An offset counts what came, a page what the tracker gives.
      const all = count(37);
      const list: List = (cursor) => {
        const start = startOf(cursor, style, 4);
        return { items: all.slice(start, start + 4), total: total(37) };
      };
      expect([kind, readAll(cautious(style), list)]).toEqual([kind, all]);
    });

    test('an answer longer than asked is all there is', () => {
      let calls = 0;
      expect(readAll(cautious(style), () => ({ items: count(11 + calls++) }))).toEqual(count(11));
    });

    test('a repeat is a contradiction, but for a short list that knows no pages', () => {
      const same =
        (length: number, total: number | null): List =>
        () => ({ items: count(length), total });
      expect(() => readAll(cautious(style), same(7, null))).toThrow('the same page came twice');
      expect(readAll(cautious(style, 'end'), same(7, null))).toEqual(count(7));
      expect(() => readAll(cautious(style, 'end'), same(7, 20))).toThrow('the same page came twice');
      expect(() => readAll(cautious(style, 'end'), same(10, null))).toThrow('the same page came twice');
    });

    test('pages that never end are ended, gaps or not', () => {
      let calls = 0;
      const list: List = () => ({ items: calls++ % 2 === 0 ? [calls] : [], total: 1_000_000 });
      expect(() => readAll(cautious(style), list)).toThrow('more than 50 pages');
      expect(() => readAll(cautious(style), () => ({ items: [calls++] }))).toThrow('more than 50 pages');
    });
  });
});

describe('an empty page before the total', () => {
  const pagings = {
    offset: { style: 'offset', limit: 10, maxPages: 50, onRepeat: 'fail' },
    page: { style: 'page', limit: 10, maxPages: 50, firstPage: 0 },
    'offset, cautiously': { style: 'offset', limit: 10, maxPages: 50, onRepeat: 'fail', isCautious: true },
    'page, cautiously': { style: 'page', limit: 10, maxPages: 50, firstPage: 0, isCautious: true },
  } as const satisfies Record<string, Paging>;

  /** Gives at most `most` of `all` a page; the answers with these numbers, counted from 0, are empty. */
  function read(paging: Paging, { length = 25, most = 10, total = 25 as number | null, empty = [] as number[] }) {
    let calls = 0;
    const list: List = ({ offset, page }) => {
      const start = paging.style === 'offset' ? offset : page * most;
      return { items: empty.includes(calls++) ? [] : count(length).slice(start, start + most), total };
    };
    return { items: readAll(paging, list), calls };
  }

  describe.each(Object.entries(pagings))('by %s', (_, paging) => {
    test.each([0, 1, 2])('number %i is asked for once more, and nothing is lost', (nth) => {
      expect(read(paging, { empty: [nth] })).toEqual({ items: count(25), calls: 4 });
    });

    test.each([0, 1])('number %i that stays is a gap, and what is behind it is given', (nth) => {
      const behind = count(25).filter((item) => Math.floor(item / 10) !== nth);
      expect(read(paging, { empty: [nth, nth + 1] }).items).toEqual(behind);
    });

    test('a gap is as long as the pages of a tracker that gives fewer rows than asked', () => {
      const { items } = read(paging, { most: 4, empty: [1, 2] });
      expect(items).toEqual(count(25).filter((item) => item < 4 || item >= 8));
    });

    test.each([
      ['too large', 99, 2],
      ['true', 25, 0],
      ['missing', null, 0],
      ['too small', 12, 0],
    ])('a total that is %s costs two calls at most', (_kind, total, more) => {
      const least = read(paging, { total: 25 }).calls;
      const { items, calls } = read(paging, { total });
      expect(items).toEqual(count(25));
      // Where no total ends it on the short page, an empty one does.
      expect(calls).toBeLessThanOrEqual(least + 1 + more);
    });

    test('an empty list that promises rows is asked for three times, and is empty', () => {
      expect(read(paging, { length: 0 })).toEqual({ items: [], calls: 3 });
      expect(read(paging, { length: 0, total: null })).toEqual({ items: [], calls: 1 });
    });
  });

  test('a total that the empty page leaves out is the one told before', () => {
    let calls = 0;
    const list: List = ({ page }) =>
      calls++ === 1 ? { items: [] } : { items: count(25).slice(page * 10, page * 10 + 10), total: 25 };
    expect(readAll(pagings.page, list)).toEqual(count(25));
  });
});

describe('a list that ends short of its total', () => {
  /** Reads pages with so many rows each to their end: whether one of them may have lacked rows. */
  function isDoubtful(rows: number[], total: number, style: 'page' | 'offset' = 'page'): boolean {
    const guards = { limit: 10, maxPages: 50, isCautious: true };
    const paging: Paging =
      style === 'page' ? { style, firstPage: 1, ...guards } : { style, onRepeat: 'fail', ...guards };
    for (let cursor = firstCursor(paging), i = 0; ; i++) {
      const next = nextCursor(paging, cursor, { body: null, received: rows[i] ?? 0, total, mark: String(i) });
      if (next === null) return mayLackRows(paging, cursor, next);
      cursor = next;
    }
  }

  test.each<[string, number[], number, boolean]>([
    ['by a row, of a page in the middle', [10, 9, 10, 3], 33, true],
    ['by a row, of the last page', [10, 10, 2], 23, true],
    ['by a whole page', [10, 10, 10, 3], 43, true],
    ['by far more', [10, 10, 10, 3], 44, false],
    ['by nothing', [10, 9, 10, 3], 32, false],
    ['though it is empty', [], 7, false],
  ])('%s', (_, rows, total, expected) => {
    expect(isDoubtful(rows, total)).toBe(expected);
  });

  test('by offset a short page takes nothing with it', () => {
    expect(isDoubtful([10, 9, 10, 3], 33, 'offset')).toBe(false);
  });
});

describe('by asking for more', () => {
  const growing: Paging = { style: 'growing', limit: 5, maxPages: 4 };

  /** The limits asked for, and the pages that were given; `most` is the tracker's own limit. */
  function readList(length: number, most = Number.POSITIVE_INFINITY) {
    const limits: number[] = [];
    const given: number[] = [];
    for (let cursor: Cursor | null = firstCursor(growing); cursor !== null; ) {
      const limit = cursor.limit ?? limitOf(growing);
      limits.push(limit);
      const received = Math.min(length, limit, most);
      const next = nextCursor(growing, cursor, { body: null, received, total: null, mark: String(received) });
      if (!isHeldBack(growing, next)) given.push(received);
      cursor = next;
    }
    return { limits, given };
  }

  test.each([
    [0, [5], [0]],
    [4, [5], [4]],
    [5, [5, 10], [5]],
    [19, [5, 10, 20], [19]],
    [39, [5, 10, 20, 40], [39]],
  ])('a list of %i is asked for with %j, and given once', (length, limits, given) => {
    expect(readList(length)).toEqual({ limits, given });
  });

  test('a tracker that gives no more than it gave is believed', () => {
    expect(readList(100, 5)).toEqual({ limits: [5, 10], given: [5] });
  });

  test('a list that never ends is ended', () => {
    expect(() => readList(40)).toThrow('more than 40 entries in one list');
  });
});
