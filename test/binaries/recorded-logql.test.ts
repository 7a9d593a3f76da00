import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, lineTime, toLines } from '../../dashboards/preview/page/frames.ts';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import { askRecorded } from '../../dashboards/preview/recorded/ask.ts';
import { recordedAt } from '../../dashboards/preview/recorded/recorded-at.ts';
import { askAll, differences, models } from '../support/recorded-answers.ts';
import { startRecordedLoki } from '../support/recorded-loki.ts';

/** Loki widens a range to whole steps, and so looks beyond its end. */
const remembered = { from: recordedAt - 3_600_000, to: recordedAt + 600_000 };

/** Lines with their labels. */
function linesOf(body: unknown): readonly string[] {
  const answer = answerOf(body);
  return (answer ? toLines(answer) : []).map(
    (found) => `${lineTime(found)} ${JSON.stringify(Object.entries(found.labels).sort())} ${found.line}`,
  );
}

/** Lines that only one of two answers has. */
function linesApart(ours: unknown, theirs: unknown): readonly string[] {
  const [mine, real] = [new Set(linesOf(ours)), new Set(linesOf(theirs))];
  return [
    ...[...mine.difference(real)].map((line) => `only here: ${line}`),
    ...[...real.difference(mine)].map((line) => `only in Loki: ${line}`),
  ];
}

describe('what the recorded set computes of LogQL', () => {
  let directory = '';
  let loki: Awaited<ReturnType<typeof startRecordedLoki>> | undefined;
  let compared = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recorded-'));
    loki = await startRecordedLoki(remembered, directory);
  });
  afterAll(async () => {
    await loki?.stop();
    await rm(directory, { recursive: true, force: true });
    console.log(`${compared} answers are those of a real Loki`);
  });

  it.each(models.map((model) => [model.uid, model] as const))(
    'is what Loki answers, for every query of %s',
    async (_, model) => {
      const found = new Map<string, readonly string[]>();
      const both: Ask = async (source, path, parameters) => {
        const ours = await askRecorded(source, path, parameters);
        if (source !== 'loki' || !loki) return ours;
        const theirs = await loki.ask(source, path, parameters);
        compared += 1;
        const isLines = answerOf(theirs)?.resultType === 'streams';
        const differ = isLines ? linesApart(ours, theirs) : differences(ours, theirs);
        if (differ.length > 0)
          found.set(parameters.query ?? '', [`${differ.length} differ`, ...differ.slice(0, 3)]);
        return ours;
      };
      await askAll(model, both);
      expect(Object.fromEntries(found)).toEqual({});
    },
    120_000,
  );
});
