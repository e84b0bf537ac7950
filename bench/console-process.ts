import { openPage, startBrowser } from '@landbridge/console/testing/browser';
import { openSignedIn } from '@landbridge/console/testing/open-signed-in';
import { playRoutes } from '@landbridge/console/testing/played-routes';
import { quotasFor, seedTunnels } from '@landbridge/console/testing/seeded-tunnels';
import { serveConsole, type ServedConsole } from '@landbridge/console/testing/served-console';
import type { Browser, Page } from 'playwright-core';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { summarise, type Summary } from './statistics.ts';

// A program of its own, started by main.ts: long tables of the console in Chromium, before a real server with a real store.

export interface ConsoleResult {
  readonly tunnels: readonly PageResult[];
  readonly routes: readonly PageResult[];
}

/** One page with so many rows in its table; milliseconds, all to the frame that shows it. */
export interface PageResult {
  readonly rows: number;
  /** From the last answer of the service to the first row. */
  readonly firstRowMs: Summary;
  /** From the page's first byte to all rows. */
  readonly allRowsMs: Summary;
  /** By what one does. */
  readonly actsMs: Readonly<Record<string, Summary>>;
  /** The longest that the page was deaf to who uses it, in all of that; 0 where never for 50 ms. */
  readonly longestTaskMs: number;
}

/** Enough of them for a median; each is a window of its own. */
const mostRepetitions = 10;
const tunnelCounts = [100, 1000, 10_000];
const routeTables = [10, 100];
const region = 'test-1';

const actsOnTunnels = {
  'scroll to the middle': 'scrolled.scrollTo(0, scrolled.scrollHeight / 2)',
  'filter to nearly all': `fill('e')`,
  'filter to a few': `fill('77')`,
  'filter to all': `fill('')`,
} as const;
/** The list of tunnels has one order. */
const actsOnRoutes = {
  ...actsOnTunnels,
  'sort by use': `document.querySelector('.heads .use button').click()`,
} as const;

const inPage = (act: string): string => `new Promise((resolve) => {
  const field = document.querySelector('input[type=search]');
  const fill = (text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const scrolled = document.querySelector('.scrolled');
  const began = performance.now();
  ${act};
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
})`;

const notePaints = `window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longTasks.push(duration);
}).observe({ type: 'longtask' });
new MutationObserver((_, observer) => {
  if (document.querySelector('.scrolled .row') === null) return;
  requestAnimationFrame(() => (window.firstRowAt = performance.now()));
  observer.disconnect();
}).observe(document, { childList: true, subtree: true })`;

const readFirstRow = `(() => {
  const ends = performance.getEntriesByType('resource')
    .filter(({ name, responseEnd }) => name.endsWith('/console/call') && responseEnd < window.firstRowAt)
    .map(({ responseEnd }) => responseEnd);
  return window.firstRowAt - Math.max(...ends);
})()`;

interface Look {
  readonly firstRowMs: number;
  readonly allRowsMs: number;
  readonly actsMs: Readonly<Record<string, number>>;
  readonly longestTaskMs: number;
}

interface Table {
  readonly served: ServedConsole;
  readonly path: string;
  readonly rows: number;
  readonly acts: Readonly<Record<string, string>>;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
}

async function lookOnce(browser: Browser, { served, path, rows, acts, prepare }: Table): Promise<Look> {
  const { page, context } = await openPage(browser, served.origin);
  try {
    await page.addInitScript(notePaints);
    await prepare?.(page);
    await openSignedIn(page, path, served.api.admin);
    await page.getByText(`${rows} of ${rows}`, { exact: true }).waitFor({ timeout: 120_000 });
    const allRowsMs = await page.evaluate<number>('performance.now()');
    const firstRowMs = await page.evaluate<number>(readFirstRow);
    const actsMs: Record<string, number> = {};
    for (const [name, act] of Object.entries(acts)) actsMs[name] = await page.evaluate<number>(inPage(act));
    const longestTaskMs = await page.evaluate<number>('Math.round(Math.max(0, ...window.longTasks))');
    return { firstRowMs, allRowsMs, actsMs, longestTaskMs };
  } finally {
    await context.close();
  }
}

async function measureTable(browser: Browser, table: Table, repetitions: number): Promise<PageResult> {
  const looks: Look[] = [];
  for (let n = 0; n < repetitions; n++) looks.push(await lookOnce(browser, table));
  return {
    rows: table.rows,
    firstRowMs: summarise(looks.map(({ firstRowMs }) => firstRowMs)),
    allRowsMs: summarise(looks.map(({ allRowsMs }) => allRowsMs)),
    actsMs: Object.fromEntries(
      Object.keys(table.acts).map((name) => [name, summarise(looks.map(({ actsMs }) => actsMs[name] ?? NaN))]),
    ),
    longestTaskMs: Math.max(...looks.map(({ longestTaskMs }) => longestTaskMs)),
  };
}

async function measureTunnels(browser: Browser, count: number, repetitions: number): Promise<PageResult> {
  const served = await serveConsole({ quotas: quotasFor(count) });
  try {
    await seedTunnels(served.api, count);
    const table = { served, path: '/console/tunnels', rows: count, acts: actsOnTunnels };
    return await measureTable(browser, table, repetitions);
  } finally {
    await served.close();
  }
}

async function measureRoutes(browser: Browser, tables: number, repetitions: number): Promise<PageResult> {
  const served = await serveConsole({ regions: [region] });
  try {
    const prepare = (page: Page): Promise<void> => playRoutes(page, tables, region);
    const table = { served, path: '/console/routes', rows: tables * 100, acts: actsOnRoutes, prepare };
    return await measureTable(browser, table, repetitions);
  } finally {
    await served.close();
  }
}

async function measureConsole({ repetitions }: PartRequest, say: Say): Promise<ConsoleResult> {
  const times = Math.min(repetitions, mostRepetitions);
  const browser = await startBrowser();
  try {
    const tunnels: PageResult[] = [];
    for (const count of tunnelCounts) {
      tunnels.push(await measureTunnels(browser, count, times));
      say(`console, ${count} tunnels: first row after ${tunnels.at(-1)?.firstRowMs.median} ms`);
    }
    const routes: PageResult[] = [];
    for (const count of routeTables) {
      routes.push(await measureRoutes(browser, count, times));
      say(`console, ${count * 100} routes: first row after ${routes.at(-1)?.firstRowMs.median} ms`);
    }
    return { tunnels, routes };
  } finally {
    await browser.close();
  }
}

await reportPart(measureConsole);
