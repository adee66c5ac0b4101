import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; npm brings none. Undefined where there is none, and the tests that need it are skipped. */
export const chromiumPath = process.env['DAVPULSE_CHROMIUM'] ?? candidates.find((path) => existsSync(path));

/** Headless; without a sandbox, which needs rights that containers and CI machines do not give. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
