// One cell of CSV: quoted where it must be, and nothing that a spreadsheet would run.
import { expect, test } from 'vitest';
import { csvCell } from '../../src/api/csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+4917', "'+4917"],
  ['-2+3', "'-2+3"],
  ['@cmd', "'@cmd"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['-12.5', '-12.5'],
  ['a=b', 'a=b'],
  ['a\nb', '"a\nb"'],
  ['', ''],
  [null, ''],
  [true, 'true'],
  [1.5, '1.5'],
])('writes %j as %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
