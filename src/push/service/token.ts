import { randomBytes } from 'node:crypto';

/** 144 random bits: more than the 120 that RFC 8030 section 8.3 asks of capability URLs. */
export const newToken = (): string => randomBytes(18).toString('base64url');
