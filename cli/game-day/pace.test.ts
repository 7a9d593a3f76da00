import { expect, test } from 'vitest';
import { trafficRateAt, usualTimeScale } from './pace.ts';

test('a window holds about as many requests at every speed', () => {
  const ofFiveMinutes = (timeScale: number): number => (300 / timeScale) * trafficRateAt(timeScale);
  expect(ofFiveMinutes(usualTimeScale([]))).toBe(480);
  expect(ofFiveMinutes(usualTimeScale(['dapr']))).toBeCloseTo(480, -2);
  expect(trafficRateAt(1)).toBe(10);
});
