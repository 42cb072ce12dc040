// The growing buffer keeps everything, however large the pieces are.
import { expect, test } from 'vitest';
import { AsciiBuffer } from '../../simulator/ascii-buffer.ts';

test('pieces of any size come out in order', () => {
  const buffer = new AsciiBuffer();
  const pieces = ['a', 'b'.repeat(70_000), '', 'c'.repeat(1_000_000), 'd'];
  for (const piece of pieces) buffer.append(piece);
  expect(buffer.bytes().toString('latin1') === pieces.join('')).toBe(true);
});
