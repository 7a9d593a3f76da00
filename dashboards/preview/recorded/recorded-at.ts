/** The moment that pictures from the recorded set end with, in epoch milliseconds: shortly after an incident. */
export const recordedAt = Date.UTC(2026, 0, 15, 11, 55);
