import { expect, it } from 'vitest';
import { environmentNames } from '../config/names.ts';
import { environmentStack } from '../environment.ts';
import { checkRulesOf } from './rules.ts';

it.each(environmentNames)('nothing is wrong with the rules of %s', async (name) => {
  expect(await checkRulesOf(environmentStack(name))).toEqual([]);
});
