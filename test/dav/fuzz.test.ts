import { describeFuzz } from './fuzz-properties.ts';

describeFuzz(1500);
