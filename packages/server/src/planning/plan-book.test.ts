import { test, vi } from 'vitest';
import { playPlanBook } from '../../testing/plan-book-model.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** LANDBRIDGE_PLAN_STEPS=200000 for a long look. */
const steps = Number(process.env['LANDBRIDGE_PLAN_STEPS'] ?? 5000);

test('whatever happens, every plan is what it is from scratch, and who is told is who differs', () => {
  playPlanBook(steps);
});
