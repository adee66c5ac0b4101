import { describeFuzz } from './fuzz-properties.ts';

describeFuzz(30_000);
