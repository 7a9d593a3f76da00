import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../kit/testing/temporary-directory.ts';
import { DeadLetters } from './dead-letters.ts';

function open(directory = temporaryDirectory(), most = 100): DeadLetters {
  const letters = new DeadLetters(directory, most);
  onTestFinished(() => letters.close());
  return letters;
}

const letter = (id: string, organization = 'acme') => ({
  id,
  organization,
  reason: 'too old',
  entry: `{"${id}":1}`,
});
const ids = (letters: readonly { readonly id: string }[]) => letters.map(({ id }) => id);

it('dead letters are kept across a restart, oldest first, with their reason', () => {
  const directory = temporaryDirectory();
  open(directory).add([letter('a'), letter('b', 'other')]);
  const reopened = open(directory);
  expect(reopened.list(10)).toMatchObject([
    { ...letter('a'), died_at: expect.stringMatching(/Z$/) },
    letter('b', 'other'),
  ]);
  expect(ids(reopened.list(1))).toEqual(['a']);
  expect(ids(reopened.list(10, { organization: 'other' }))).toEqual(['b']);
  expect(reopened.count()).toBe(2);
});

it('an entry that dies twice is one dead letter', () => {
  const letters = open();
  letters.add([letter('a')]);
  letters.add([{ ...letter('a'), reason: 'still too old' }]);
  expect(letters.list(10)).toMatchObject([{ id: 'a', reason: 'still too old' }]);
});

it('an entry of another organization with the same id is a dead letter of its own', () => {
  const letters = open();
  letters.add([letter('a'), letter('a', 'other')]);
  letters.add([letter('a', 'other')]);
  expect(letters.list(10)).toMatchObject([letter('a'), letter('a', 'other')]);
  letters.remove([letter('a', 'other')]);
  expect(letters.list(10)).toMatchObject([letter('a')]);
});

it('more than are to be kept are refused together, and none that is kept makes room', () => {
  const letters = open(temporaryDirectory(), 2);
  letters.add([letter('a')]);
  expect(() => letters.add([letter('b'), letter('c')])).toThrow('no room for dead letters');
  expect(ids(letters.list(10))).toEqual(['a']);
  letters.add([letter('b')]);
  letters.add([{ ...letter('a'), reason: 'still too old' }]);
  expect(ids(letters.list(10))).toEqual(['b', 'a']);
  letters.purge({ id: 'b' });
  letters.add([letter('c')]);
  expect(ids(letters.list(10))).toEqual(['a', 'c']);
});

it('those chosen are tried again, and gone when that went well', () => {
  const letters = open();
  letters.add([letter('a'), letter('b', 'other'), letter('c')]);
  expect(letters.replays(10)).toEqual([]);
  expect(letters.replay({ organization: 'acme' })).toBe(2);
  expect(ids(letters.replays(10))).toEqual(['a', 'c']);
  letters.remove([letter('a')]);
  letters.add([letter('c')]);
  expect(letters.replays(10)).toEqual([]);
  expect(ids(letters.list(10))).toEqual(['b', 'c']);
});

it('those chosen are purged, and one that is not there is said', () => {
  const letters = open();
  letters.add([letter('a'), letter('b', 'other'), letter('c')]);
  expect(letters.purge({ id: 'a' })).toBe(1);
  expect(() => letters.purge({ id: 'a' })).toThrow(/SL1721/);
  expect(() => letters.replay({ id: 'a' })).toThrow(/SL1721/);
  expect(letters.purge({})).toBe(2);
  expect(letters.purge({})).toBe(0);
});
